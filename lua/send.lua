-- send: store messages whose ids are fresh and make them receivable, now or after a delay.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, messages, waiters, meta
-- ARGV 1 now       ms, 0 for the server's clock
--      2 delays    ms for each, separated by spaces, '-' for the queue's own; '' when that holds for all
--      3 ...       id (20 characters) and payload (kind, key and body) of each message
-- returns {'ok', now}, or {code, ...} when refused
local now, delays = unpack(ARGV, 1, 2)
local list = { unpack(ARGV, 3) }

local held, refusal = open(0, { 'delay' }) -- 0: a send frees nothing, so that a full memory refuses it
if not held then return refusal end
local time, usual = floor(clock(now) / 1000), tonumber(held.delay)
store(time, list, delays == '' and usual or delays_of(delays, usual))
return { 'ok', format('%.0f', time) }
