-- vacant: does a drained partition hold nothing any more? Then nothing enters it until it is active again.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
-- returns {'ok', 1 when nothing is left, else 0, the last sequence number given}, or {code, ...} when refused
local now, version = unpack(ARGV)

-- Who forwards messages here may repeat them, until it has heard that they have come. So long a partition remembers, ms.
local REPEATS = 600000

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, { 'drained', 'sequence' })
if not held then return refusal end
if not held.drained then return { 'ok', 0, '0' } end

-- Claims end by themselves, but nobody asks for their keys here once the messages that claimed them are gone.
if call('HLEN', K.keys) <= 1000 then
  local claims = call('HGETALL', K.keys)
  for i = 1, #claims, 2 do
    local text = claims[i + 1]
    if sub(text, 1, 1) == 'c' and tonumber(sub(text, 2, 14)) <= time then call('HDEL', K.keys, claims[i]) end
  end
end
local left = call('EXISTS', K.ready, K.inflight, K.messages, K.receives, K.keys, K.results, K.expiries, K.processed_a,
  K.processed_b, K.recent_a, K.recent_b, K.dead, K.letters, K.outbox, K.grouped, K.order, K.groups, K.noisy, K.tenants,
  K.sent_a, K.sent_b)
if left > 0 then return { 'ok', 0, '0' } end
for _, number in ipairs(call('HVALS', K.inbound)) do
  if floor(number / 1000) + REPEATS > time then return { 'ok', 0, '0' } end
end
call('HDEL', K.meta, 'vacant')
call('HSET', K.meta, 'vacant', 1)
return { 'ok', 1, held.sequence or '0' }
