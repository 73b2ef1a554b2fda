-- tag: write and remove tags of a queue, at its home. They are nobody's business but the owner's: no version counts them.
--
-- KEYS   the keys of the queue's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now     ms, 0 for the server's clock
--      2 fields  'tag:<key>' and value of each, separated by spaces; a value of '-' removes the tag
--      3 most    how many a queue may have
-- returns {'ok'}, or {code, ...}: 'TooManyTags'
local now, fields, most = unpack(ARGV)

local there = call('HMGET', K.meta, 'schema', 'removing')
if not there[1] or there[2] then return { 'QueueDoesNotExist' } end
local tags, count = {}, 0
for _, name in ipairs(call('HKEYS', K.meta)) do
  if sub(name, 1, 4) == 'tag:' then tags[name] = true end
end
for name, value in string.gmatch(fields, '(%S+) (%S+)') do tags[name] = value ~= '-' or nil end
for _ in pairs(tags) do count = count + 1 end
if count > tonumber(most) then return { 'TooManyTags' } end

call('HDEL', K.meta, '')
for name, value in string.gmatch(fields, '(%S+) (%S+)') do
  if value == '-' then call('HDEL', K.meta, name) else call('HSET', K.meta, name, value) end
end
return { 'ok' }
