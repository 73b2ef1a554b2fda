-- strand: the queue for which the outbox has messages does not exist: they become dead letters here, at most 100 a call.
--
-- KEYS   the partition's keys (see _prelude.lua); uses dead, letters, meta, outbox
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 client   who forwards: nothing is done for one who is not in charge
--      4 lease    ms
--      5 queue    that does not exist
-- returns {'ok', how many}, or {code, ...} when refused
local now, version, client, lease, queue = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, { 'outboxBy' })
if not held then return refusal end
if not in_charge(time, held, client, lease) then return { 'ok', 0 } end

local lines = call('ZRANGEBYLEX', K.outbox, '[a ' .. queue .. ' ', '(a ' .. queue .. '!', 'LIMIT', 0, 100)
for _, line in ipairs(call('ZRANGEBYLEX', K.outbox, '[q ' .. queue .. ' ', '(q ' .. queue .. '!', 'LIMIT', 0, 100)) do
  if #lines < 100 then lines[#lines + 1] = line end
end
if #lines > 0 then call('ZREM', K.outbox, unpack(lines)) end
for _, line in ipairs(lines) do
  local name, kind, id, deliveries, first, print = string.match(line, '(%d+) (%l) (%S+) %S+ (%d+) (%d+) %d+ (%S+) ')
  local record = call('HGET', K.letters, '>' .. name)
  local reason = 'QueueDoesNotExist ' .. queue
  if kind == 'd' then reason = string.match(origin_of(record), '^%S+ %d+ (.*)$') end
  call('HDEL', K.letters, '>' .. name)
  call('ZADD', K.dead, time, id)
  call('HSET', K.letters, id, format('%s %s %s %d %s ', deliveries, kind == 'f' and 0 or deliveries, first, #reason, print)
    .. reason .. with_origin(record, ''))
end
return { 'ok', #lines }
