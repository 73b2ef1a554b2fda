-- move: put messages that wait here into the outbox, for a task that moves them to another queue, and count them.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 task     when it was started, ms: names the task, and what came later stays
--      4 turn     rises with everyone who runs the task: nothing is done for one who ran it before another
--      5 counted  how many were moved here as far as the caller knows: nothing is moved where that is not so, as in a repeat
--      6 queue    where they go; '' for each to where it came from
--      7 ids      20 characters each, joined; at most 100
--      8 places   their numbers in line, separated by spaces; '0' where a message has none: see survey.lua
-- returns {'ok', 'moved' or 'lost' (another runs the task), how many in all were moved here}, or {code, ...} when refused
local now, version, task, turn, counted, queue, ids, places = unpack(ARGV)

local now_us = clock(now)
local time = floor(now_us / 1000)
local held, refusal = open_groups(time, version, { 'visibility', 'task', 'taskTurn', 'taskMoved' })
if not held then return refusal end
local current, moved = tonumber(held.task or 0), tonumber(held.taskMoved or 0)
if tonumber(task) ~= current then moved = 0 end
if tonumber(task) < current or tonumber(task) == current and tonumber(turn) < tonumber(held.taskTurn) then
  return { 'ok', 'lost', moved }
end

local names = tonumber(counted) == moved and split(ids, 20) or {}
local list, lines, groups, gone, taken, nth = {}, {}, {}, {}, {}, words(places)
local waits = #names > 0 and call('ZMSCORE', K.ready, unpack(names)) or {}
for i, id in ipairs(names) do
  local at, deadline = waits[i] or call('ZSCORE', K.grouped, id), nil
  if not at then
    deadline = call('ZSCORE', K.inflight, id)
    at = deadline and tonumber(deadline) <= now_us and floor(deadline / 1000)
  end
  local record = at and tonumber(at) <= tonumber(task) and not taken[id] and call('HGET', K.messages, id)
  local group = record and group_of(record)
  local to = record and (queue ~= '' and queue or string.match(origin_of(record), '^(%S+) '))
  local line = to and group ~= '' and place_of(group, held.fifo and (nth[i] or 0) or at, id)
  -- A FIFO group whose head is in flight is left alone, and what has another place by now is left for the next survey.
  if to and (not held.fifo or line and available(group, time) and call('ZSCORE', K.order, line)) then
    local text, deliveries, first, _ = call('HGET', K.receives, id), 0, 0, nil
    if text or deadline then deliveries, _, first = entry(text, at - held.visibility) end
    local key = string.match(record, '^%u(......................)')
    local holder = key and call('HGET', K.keys, key)
    taken[id] = true
    list[#list + 1] = { to = to, kind = 'm', id = id, record = with_origin(record, ''), deliveries = deliveries, first = first,
      key = holder and sub(holder, 1, 21) == 'p' .. id and key, print = holder and #holder > 21 and sub(holder, 22) or nil }
    if group ~= '' then
      groups[#list], gone[#list], lines[#lines + 1] = group, deadline, line
    end
  end
end
call('HDEL', K.meta, 'taskTurn')
for _, one in ipairs(list) do
  call('ZREM', K.ready, one.id)
  call('ZREM', K.inflight, one.id)
  call('ZREM', K.grouped, one.id)
  call('HDEL', K.messages, one.id)
  call('HDEL', K.receives, one.id)
  if one.key then call('HDEL', K.keys, one.key) end
end
if #lines > 0 then call('ZREM', K.order, unpack(lines)) end
vacate(time, held, groups, {}, gone)
for _, group in pairs(groups) do rank(time, held, group) end
if #list > 0 then post(time, list, held) end
call('HSET', K.meta, 'task', task, 'taskTurn', turn, 'taskMoved', format('%.0f', moved + #list))
return { 'ok', 'moved', moved + #list }
