-- declare: write or compare the attributes of a queue, at the queue's home; makes the queue where it is new.
--
-- KEYS   the keys of the queue's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now     ms, 0 for the server's clock
--      2 mode    'open' writes what is unset and refuses what differs, 'update' writes, 'look' only reads
--      3 fields  names and values of attributes, separated by spaces; a value of '-' removes the attribute
--      4 places  for a new queue: number and suffix of each partition, separated by commas
--      5 fixed   '1' when the number of partitions was asked for
-- returns {'ok', {name, value, ...}, now}, or {code, name, stored, given} when an attribute differs, or {code, ...}
local now, mode, fields, places, fixed = unpack(ARGV)

local time = floor(clock(now) / 1000)
local schema = call('HGET', K.meta, 'schema')
if schema and tonumber(schema) > SCHEMA then return { 'SchemaTooNew', schema, format('%d', SCHEMA) } end
if not schema and mode == 'look' then return { 'QueueDoesNotExist' } end

local changes = {}
for name, value in string.gmatch(fields, '(%S+) (%S+)') do
  local stored = call('HGET', K.meta, name)
  if mode == 'open' and stored and stored ~= value then return { 'AttributesDiffer', name, stored, value } end
  if (stored or '-') ~= value then changes[name] = value end
end
if schema and fixed == '1' then
  local stored = call('HGET', K.meta, 'places')
  local _, have = string.gsub(stored, ',', '')
  local _, want = string.gsub(places, ',', '')
  if have ~= want then return { 'AttributesDiffer', 'partitions', format('%d', have + 1), format('%d', want + 1) } end
end
if not schema then
  call('HDEL', K.meta, 'schema')
  call('HSET', K.meta, 'schema', SCHEMA, 'places', places, 'version', 0, 'created', time)
end
if mode ~= 'look' and (not schema or next(changes)) then
  call('HDEL', K.meta, '')
  for name, value in pairs(changes) do
    if value == '-' then call('HDEL', K.meta, name) else call('HSET', K.meta, name, value) end
  end
  call('HINCRBY', K.meta, 'version', 1)
end
return { 'ok', call('HGETALL', K.meta), format('%.0f', time) }
