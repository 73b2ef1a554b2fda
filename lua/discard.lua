-- discard: remove dead letters for good.
--
-- KEYS   the partition's keys (see _prelude.lua); uses dead, letters, meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 ids    20 characters each, joined; '' for the oldest
--      4 limit  count, when no ids are given
-- returns {'ok', removed}, or {code, ...} when refused
local now, version, ids, limit = unpack(ARGV)

local held, refusal = open(floor(clock(now) / 1000), version, {})
if not held then return refusal end

local names = ids ~= '' and split(ids, 20) or call('ZRANGE', K.dead, 0, limit - 1)
if #names == 0 then return { 'ok', 0 } end
local removed = call('ZREM', K.dead, unpack(names))
call('HDEL', K.letters, unpack(names))
return { 'ok', removed }
