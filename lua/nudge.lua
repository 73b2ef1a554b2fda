-- nudge: pass a wake-up on: the client that was woken no longer waits, another may.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, inflight, waiters
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok'}
local now = unpack(ARGV)

local now_us = clock(now)
local head = call('ZRANGE', K.ready, 0, 0, 'WITHSCORES')[2]
local hidden = call('ZRANGE', K.inflight, 0, 0, 'WITHSCORES')[2]
if head then announce(floor(now_us / 1000), tonumber(head) - floor(now_us / 1000)) end
if hidden then announce(floor(now_us / 1000), floor(tonumber(hidden) / 1000) + 1 - floor(now_us / 1000)) end
return { 'ok' }
