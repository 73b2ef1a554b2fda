-- register: the list of a namespace's queues, and of those that were removed.
--
-- KEYS   the keys of the namespace's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 verb     'add', 'remove', 'removed' (when was it?) or 'list'
--      3 name     of the queue
--      4 version  of its home: an older one does not add what was removed, nor remove what was made anew; '' for any
-- returns {'ok', {name, ...}} for 'list'; for 'removed' {'ok', ms at which it was removed ('': it was not), its version then,
--   now}; else {'ok', 1 when it is listed ('add') or was ('remove')}
local now, verb, name, version = unpack(ARGV)

if verb == 'list' then
  local all, names = call('HGETALL', K.meta), {}
  for i = 1, #all, 2 do
    if sub(all[i + 1], 1, 1) ~= '-' then names[#names + 1] = all[i] end
  end
  return { 'ok', names }
end
local time = format('%.0f', floor(clock(now) / 1000))
local held = call('HGET', K.meta, name) or ''
local removed_at, last = string.match(held, '^%-(%d*) ?(%d*)$')
if verb == 'removed' then
  if removed_at == '' then removed_at = '0' end -- by the first release, which kept no time
  return { 'ok', removed_at or '', last or '', time }
end
if verb == 'add' then
  if removed_at and tonumber(version) <= (tonumber(last) or 0) then return { 'ok', 0 } end
  if held ~= '' and not removed_at then return { 'ok', 1 } end
  call('HDEL', K.meta, name)
  call('HSET', K.meta, name, version)
  return { 'ok', 1 }
end
if held == '' or removed_at or version ~= '' and tonumber(held) > tonumber(version) then return { 'ok', 0 } end
call('HDEL', K.meta, name)
call('HSET', K.meta, name, format('-%s %s', time, version ~= '' and version or held))
return { 'ok', 1 }
