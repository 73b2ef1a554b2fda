-- register: the list of a namespace's queues, and of those that were removed.
--
-- KEYS   the keys of the namespace's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now   ms, 0 for the server's clock
--      2 verb  'add', 'remove', 'removed' (was it?) or 'list'
--      3 name  of the queue
-- returns {'ok', {name, ...}} for 'list', else {'ok', 1 when something changed, or it was removed}
local now, verb, name = unpack(ARGV)

if verb == 'list' then
  local all, names = call('HGETALL', K.meta), {}
  for i = 1, #all, 2 do
    if all[i + 1] ~= '-' then names[#names + 1] = all[i] end
  end
  return { 'ok', names }
end
local held = call('HGET', K.meta, name)
if verb == 'removed' then return { 'ok', held == '-' and 1 or 0 } end
local there = held ~= false and held ~= '-'
if there == (verb == 'add') then return { 'ok', 0 } end
call('HDEL', K.meta, name)
call('HSET', K.meta, name, verb == 'add' and format('%.0f', floor(clock(now) / 1000)) or '-')
return { 'ok', 1 }
