-- remove: delete the partition with all that it holds; or a home.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the queue that is removed: what was made anew since stays
-- returns {'ok', removed}: how many messages and dead letters there were
local now, version = unpack(ARGV)

local held = call('HGET', K.meta, 'version')
if held and tonumber(held) > tonumber(version) then return { 'ok', 0 } end
local removed = call('ZCARD', K.ready) + call('ZCARD', K.grouped) + call('ZCARD', K.inflight) + call('ZCARD', K.dead)
  + call('ZCARD', K.outbox)
for _, inbox in ipairs(call('ZRANGE', K.waiters, 0, 99)) do call('PUBLISH', inbox, '0 ' .. K.ready) end
call('UNLINK', unpack(KEYS))
return { 'ok', removed }
