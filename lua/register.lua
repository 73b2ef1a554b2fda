-- register: the list of a namespace's queues.
--
-- KEYS   the keys of the namespace's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now   ms, 0 for the server's clock
--      2 verb  'add', 'remove' or 'list'
--      3 name  of the queue
-- returns {'ok', {name, ...}} for 'list', else {'ok', 1 when something changed}
local now, verb, name = unpack(ARGV)

if verb == 'list' then return { 'ok', call('HKEYS', K.meta) } end
if verb == 'remove' then return { 'ok', call('HDEL', K.meta, name) } end
if call('HEXISTS', K.meta, name) == 1 then return { 'ok', 0 } end
call('HDEL', K.meta, name)
return { 'ok', call('HSET', K.meta, name, format('%.0f', floor(clock(now) / 1000))) }
