-- touch: write something small, so that a wait for disk or replicas behind it on the same connection is a wait for all that
-- was done here before: calls that turn out to be repeats write nothing themselves.
--
-- KEYS   the partition's keys (see _prelude.lua); uses meta
-- ARGV 1 now  ms, 0 for the server's clock
-- returns {'ok'}, or {code} when refused
local now = unpack(ARGV)

if not call('HGET', K.meta, 'schema') then return { 'QueueDoesNotExist' } end
call('HDEL', K.meta, 'touchedAt') -- first: also where the memory is full
call('HSET', K.meta, 'touchedAt', format('%.0f', floor(clock(now) / 1000)))
return { 'ok' }
