-- purge: remove all messages, ready, delayed and in flight, with their pending keys. Dead letters, results and the marks
-- of what is done stay.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, inflight, messages, receives, keys, meta
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok', removed}, or {code, ...} when refused
local now = unpack(ARGV)

local held, refusal = open(floor(clock(now) / 1000), {})
if not held then return refusal end
local removed = call('ZCARD', K.ready) + call('ZCARD', K.inflight)
call('UNLINK', K.ready, K.inflight, K.messages, K.receives, K.keys)
return { 'ok', removed }
