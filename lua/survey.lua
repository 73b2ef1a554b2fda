-- survey: look through the messages that wait here and can be moved, page by page: those without a group by their times, then
-- those that came back by their deadline, then those with a group, group by group and in the order of each.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 before   ms: what came later is passed over
--      4 cursor   '' to begin, else as the last page gave it
--      5 limit    count
-- returns {'ok', {id, came at, number in line, record, ...}, cursor}, or {code, ...} when refused: the number of its place where a
--   FIFO queue has put it, else '0'; the cursor is '' when that is all
local now, version, before, cursor, limit = unpack(ARGV)

local now_us = clock(now)
local held, refusal = open(floor(now_us / 1000), version, { 'fifo' })
if not held then return refusal end

local list = {}
local function see(id, at, number)
  local n = #list
  if not at or tonumber(at) > tonumber(before) then return end
  list[n + 1], list[n + 2], list[n + 3], list[n + 4] = id, at, number, call('HGET', K.messages, id) or ''
end

-- Those whose deadline has passed wait in their place in flight; of a FIFO group they stand in line, too.
local function returned(id)
  local deadline = call('ZSCORE', K.inflight, id)
  return deadline and tonumber(deadline) <= now_us and format('%.0f', floor(deadline / 1000))
end

local zset, score, skip = string.match(cursor, '^(%l+) (%S+) (%d+)$')
if cursor == '' then zset, score, skip = 'ready', '-inf', 0 end
if zset then
  local key, last_of = K.ready, before
  if zset == 'returned' then key, last_of = K.inflight, math.min(before * 1000, now_us) end
  local found = call('ZRANGEBYSCORE', key, score, last_of, 'WITHSCORES', 'LIMIT', skip, limit)
  local last, same = found[#found], 0
  for i = 1, #found, 2 do
    see(found[i], zset == 'ready' and found[i + 1] or returned(found[i]), '0')
    if found[i + 1] == last then same = same + 1 end
  end
  if #found == 2 * limit then return { 'ok', list, format('%s %s %d', zset, last, last == score and skip + same or same) } end
  if zset == 'ready' and not held.fifo then return { 'ok', list, 'returned -inf 0' } end
  return { 'ok', list, call('EXISTS', K.order) == 1 and 'line -' or '' }
end
local from = string.match(cursor, '^line (.*)$')
local lines = call('ZRANGEBYLEX', K.order, from == '-' and '-' or '(' .. from, '+', 'LIMIT', 0, limit)
local open_now = {} -- as `move` leaves FIFO groups alone, they are passed over here
for _, line in ipairs(lines) do
  local id, group = sub(line, -20), sub(line, 1, -38)
  if held.fifo and open_now[group] == nil then open_now[group] = available(group, floor(now_us / 1000)) end
  if open_now[group] ~= false then see(id, call('ZSCORE', K.grouped, id) or returned(id), held.fifo and sub(line, -36, -21) or '0') end
end
return { 'ok', list, #lines == tonumber(limit) and 'line ' .. lines[#lines] or '' }
