-- task: the tasks that move messages out of a queue, at the queue's home: at most one is running.
--
-- KEYS   the keys of the queue's home, by the same names as a partition's (see _prelude.lua); uses ready (the tasks by when they
--        were started), messages (what is known of each), meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 verb     'start'; 'take' the one that runs and that nobody sees to; 'cancel' takes it from who does; 'keep' seeing to
--                 it; 'end'; 'list' the newest
--      3 id       of the task; '' for 'take' and 'list'
--      4 turn     'keep', 'end': who sees to it; 'list': how many
--      5 lease    ms for which nobody else takes it
--      6 moved    how many were moved so far
--      7 text     'start': '<to move> - <what it is>'; 'end': '<status> <why it failed, or ->'
-- returns {'ok', {id, started, task, ...}}: the tasks concerned, none where the verb does not apply; or {code, ...} when refused.
--   A task is '<status> <turn> <until> <moved> <to move> <why it failed, or -> <what it is>'
local now, verb, id, turn, lease, moved, text = unpack(ARGV)

local time = floor(clock(now) / 1000)
local schema = call('HGET', K.meta, 'schema')
if not schema then return { 'QueueDoesNotExist' } end
if tonumber(schema) > SCHEMA then return { 'SchemaTooNew', schema, format('%d', SCHEMA) } end

local function shown(list)
  local found = {}
  for i = 1, #list, 2 do
    found[#found + 1], found[#found + 2], found[#found + 3] = list[i], list[i + 1], call('HGET', K.messages, list[i]) or ''
  end
  return { 'ok', found }
end

if verb == 'list' then return shown(call('ZREVRANGE', K.ready, 0, turn - 1, 'WITHSCORES')) end
local newest = call('ZREVRANGE', K.ready, 0, 0, 'WITHSCORES')
local task = newest[1] and words(call('HGET', K.messages, newest[1])) or {}
local runs = task[1] == 'RUNNING' or task[1] == 'CANCELLING'
if verb == 'start' then
  if newest[1] == id then return shown(newest) end
  if runs then return { 'MoveTaskRunning' } end
  local started = math.max(time, tonumber(newest[2] or 0) + 1)
  local old = call('ZREVRANGE', K.ready, 99, -1)
  if #old > 0 then
    call('ZREM', K.ready, unpack(old))
    call('HDEL', K.messages, unpack(old))
  end
  call('ZADD', K.ready, started, id)
  call('HSET', K.messages, id, format('RUNNING %.0f %.0f 0 %s', started, time + lease, text))
  return shown({ id, format('%.0f', started) })
end
local free = tonumber(task[3] or 0) <= time
local applies = { take = free, cancel = newest[1] == id, keep = newest[1] == id and turn == task[2], ['end'] = newest[1] == id and turn == task[2] }
if not (runs and applies[verb]) then return { 'ok', {} } end
if verb == 'cancel' then task[1] = 'CANCELLING' end
if verb == 'cancel' or verb == 'take' then task[2] = format('%.0f', math.max(tonumber(task[2]) + 1, time)) end
task[3] = format('%.0f', time + lease)
if verb == 'keep' or verb == 'end' then task[4] = moved end
if verb == 'end' then task[1], task[6] = string.match(text, '^(%S+) (%S+)$') end
call('HDEL', K.messages, newest[1])
call('HSET', K.messages, newest[1], table.concat(task, ' '))
return shown(newest)
