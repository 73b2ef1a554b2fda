-- arrived: entries of the outbox have been stored where they go, up to a number: they are removed. Others belong to another
-- place now.
--
-- KEYS   the partition's keys (see _prelude.lua); uses letters, meta, outbox
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 client   who forwards: nothing is done for one who is not in charge
--      4 lease    ms
--      5 queue    where the messages went
--      6 place    its number
--      7 number   of the last that was stored; '0' when none was
--      8 places   '' or number of an entry and of the place to which it goes instead, in turn, separated by spaces
-- returns {'ok', what}, or {code, ...} when refused: 'removed', or 'lost' when another is in charge
local now, version, client, lease, queue, place, number, places = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), version, { 'outboxBy' })
if not held then return refusal end
if not in_charge(floor(now_us / 1000), held, client, lease) then return { 'ok', 'lost' } end

local prefix = format('a %s %04d ', queue, place)
local done = call('ZRANGEBYLEX', K.outbox, '[' .. prefix, '(' .. prefix .. format('%016.0f', number) .. '!', 'LIMIT', 0, 500)
if #done > 0 then
  local names = {}
  for i, line in ipairs(done) do names[i] = '>' .. sub(line, #prefix + 18, #prefix + 33) end
  call('ZREM', K.outbox, unpack(done))
  call('HDEL', K.letters, unpack(names))
end
local onward = {}
for one, other in string.gmatch(places, '(%d+) (%d+)') do
  local line = call('ZRANGEBYLEX', K.outbox, '[' .. prefix .. one .. ' ', '(' .. prefix .. one .. '!', 'LIMIT', 0, 1)[1]
  local n = #onward
  if line then onward[n + 1], onward[n + 2], onward[n + 3] = line, sub(line, #prefix + 18), other end
end
addressed(now_us, queue, onward)
return { 'ok', 'removed' }
