-- stats: count what the partition holds.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok', ready, delayed, in flight, dead, ms since the oldest receivable message was sent (-1: none),
--   processed marks of keys, marks of ids}, or {code, ...} when refused
local now = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, { 'processedCount', 'processedBefore', 'recentCount', 'recentBefore' })
if not held then return refusal end

local visible, age = call('ZCOUNT', ready, '-inf', time), -1
if visible > 0 then
  local record = call('HGET', messages, call('ZRANGE', ready, 0, 0)[1])
  if record then age = time - tonumber(sub(record, 1, 13)) end
end
return { 'ok', visible, call('ZCARD', ready) - visible, call('ZCARD', inflight), call('ZCARD', dead), format('%.0f', age),
  held.processedCount + held.processedBefore, held.recentCount + held.recentBefore }
