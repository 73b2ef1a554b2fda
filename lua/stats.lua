-- stats: count what the partition holds.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
-- returns {'ok', ready, delayed, in flight, dead, the id of the oldest receivable message
--   ('': none), now (ms), processed marks of keys, marks of ids, moving}, or {code, ...} when refused
local now, version = unpack(ARGV)

local now_us = clock(now)
local time = floor(now_us / 1000)
local held, refusal = open(time, version, { 'processedCount', 'processedBefore', 'recentCount', 'recentBefore' })
if not held then return refusal end

local visible, grouped = call('ZCOUNT', K.ready, '-inf', time), call('ZCOUNT', K.grouped, '-inf', time)
local oldest = visible > 0 and call('ZRANGE', K.ready, 0, 0)[1] or ''
local head = grouped > 0 and call('ZRANGE', K.grouped, 0, 0)[1]
if head and (oldest == '' or sent_at(head) < sent_at(oldest)) then oldest = head end
local delayed = call('ZCARD', K.ready) + call('ZCARD', K.grouped) - visible - grouped
local back = call('ZCOUNT', K.inflight, '-inf', format('%.0f', now_us)) -- their deadline has passed
return { 'ok', visible + grouped + back, delayed, call('ZCARD', K.inflight) - back, call('ZCARD', K.dead), oldest,
  format('%.0f', time), held.processedCount + held.processedBefore, held.recentCount + held.recentBefore,
  call('ZCARD', K.outbox) }
