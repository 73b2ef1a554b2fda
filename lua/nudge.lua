-- nudge: pass a wake-up on: the client that was woken no longer waits, another may. Does what time alone must do here, too.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, inflight, groups, noisy, waiters
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
-- returns {'ok'}, or {code, ...} when refused
local now, version = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), version, {})
if not held then return refusal end
local time = floor(now_us / 1000)
for _, zset in ipairs({ K.ready, K.groups, K.noisy }) do
  local head = call('ZRANGE', zset, 0, 0, 'WITHSCORES')[2]
  if head then announce(time, tonumber(head) - time) end
end
local hidden = call('ZRANGE', K.inflight, 0, 0, 'WITHSCORES')[2]
if hidden then announce(time, floor(tonumber(hidden) / 1000) + 1 - time) end
return { 'ok' }
