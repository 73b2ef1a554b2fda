-- forward: what the outbox has for one queue: give entries their places there, and answer those that have one, with their
-- records; or, where there are none, those that have no place yet.
--
-- KEYS   the partition's keys (see _prelude.lua); uses letters, meta, outbox
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 client   who forwards: nothing is done for one who is not in charge
--      4 lease    ms
--      5 queue    where the messages go
--      6 from     number of the place to begin with, and all after it
--      7 places   '' or number of an entry and of its place, in turn, for entries without one, separated by spaces
-- returns {'ok', what, {entry, record, ...}}, or {code, ...} when refused: what is 'lost' when another is in charge, 'addressed',
--   or 'open': entries without a place, and no records; at most 100, and 1 MiB of records unless there is only one
local now, version, client, lease, queue, from, places = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), version, { 'outboxBy' })
if not held then return refusal end
if not in_charge(floor(now_us / 1000), held, client, lease) then return { 'ok', 'lost', {} } end

-- Entries between two places in the order of the outbox.
local function entries(first, last) return call('ZRANGEBYLEX', K.outbox, '[' .. first, '(' .. last, 'LIMIT', 0, 100) end

local list, place_of_number = {}, {}
for number, place in string.gmatch(places, '(%d+) (%d+)') do place_of_number[number] = place end
local open_ = 'q ' .. queue
for _, line in ipairs(places ~= '' and entries(open_ .. ' ', open_ .. '!') or {}) do
  local number = sub(line, #open_ + 2, #open_ + 17)
  if place_of_number[number] then
    local n = #list
    list[n + 1], list[n + 2], list[n + 3] = line, sub(line, #open_ + 19), place_of_number[number]
  end
end
addressed(now_us, queue, list)

local found, names, bytes = {}, {}, 0
for i, line in ipairs(entries(format('a %s %04d ', queue, from), 'a ' .. queue .. '!')) do
  local name, size = string.match(line, '^a %S+ %d+ %d+ (%d+) %l %S+ %S+ %d+ %d+ %d+ %S+ (%d+) ')
  bytes = bytes + size
  if i > 1 and bytes > 1048576 then break end
  found[2 * i - 1], names[i] = line, '>' .. name
end
if #names == 0 then return { 'ok', 'open', entries(open_ .. ' ', open_ .. '!') } end
for i, record in ipairs(call('HMGET', K.letters, unpack(names))) do found[2 * i] = record or '' end
return { 'ok', 'addressed', found }
