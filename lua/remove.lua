-- remove: delete the partition with all that it holds.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok', removed}: how many messages and dead letters there were
local now = unpack(ARGV)

local removed = call('ZCARD', K.ready) + call('ZCARD', K.inflight) + call('ZCARD', K.dead)
for _, inbox in ipairs(call('ZRANGE', K.waiters, 0, 99)) do call('PUBLISH', inbox, '0 ' .. K.ready) end
call('UNLINK', unpack(KEYS))
return { 'ok', removed }
