-- stats: count what the partition holds.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok', ready, delayed, in flight, dead, the id of the oldest receivable message
--   ('': none), now (ms), processed marks of keys, marks of ids}, or {code, ...} when refused
local now = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, { 'processedCount', 'processedBefore', 'recentCount', 'recentBefore' })
if not held then return refusal end

local visible = call('ZCOUNT', K.ready, '-inf', time)
local oldest = visible > 0 and call('ZRANGE', K.ready, 0, 0)[1] or ''
return { 'ok', visible, call('ZCARD', K.ready) - visible, call('ZCARD', K.inflight), call('ZCARD', K.dead), oldest,
  format('%.0f', time), held.processedCount + held.processedBefore, held.recentCount + held.recentBefore }
