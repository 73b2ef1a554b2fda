-- send: store messages whose ids are fresh and make them receivable, now or after a delay.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, messages, waiters, meta
-- ARGV 1 now       ms, 0 for the server's clock
--      2 version   of the attributes, as the caller knows them; '' for any
--      3 delays    ms for each, separated by spaces, '-' for the queue's own; '' when that holds for all
--      4 ...       id (20 characters) and payload (kind, key and body) of each message
-- returns {'ok', now}, or {code, ...} when refused: 'Drained' where the partition gets nothing new
local now, version, delays = unpack(ARGV, 1, 3)
local list = { unpack(ARGV, 4) }

local held, refusal = open(0, version, { 'delay', 'drained' }) -- 0: a send frees nothing, so that a full memory refuses it
if not held then return refusal end
if held.drained then return { 'Drained' } end
local time, usual = floor(clock(now) / 1000), tonumber(held.delay)
store(time, list, delays == '' and usual or delays_of(delays, usual))
if time >= held.tidyAt then tidy(time) end
return { 'ok', format('%.0f', time) }
