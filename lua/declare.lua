-- declare: look at the home of a queue, or change it as one who knows what it said.
--
-- KEYS   the keys of the queue's home, by the same names as a partition's (see _prelude.lua); uses meta
-- ARGV 1 now     ms, 0 for the server's clock
--      2 known   '' to look; else the version that the caller has seen, for a new queue the last one of its name, or 0
--      3 fields  names and values, separated by spaces: a value of '-' removes the field, '@' is the new version (about ms)
--      4 places  for a new queue: number and suffix of each partition, separated by commas; '' for one that is there
-- returns {'ok', {name, value, ...}, now}, or {code, ...}: 'Changed' when the home is not what the caller has seen
local now, known, fields, places = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held = call('HMGET', K.meta, 'schema', 'version')
local schema, version = held[1], held[2]
if schema and tonumber(schema) > SCHEMA then return { 'SchemaTooNew', schema, format('%d', SCHEMA) } end
if known == '' and not schema then return { 'QueueDoesNotExist' } end
if known ~= '' then
  if places ~= '' and schema or places == '' and version ~= known then return { 'Changed' } end
  -- Never a number that a queue of this name had before it was removed.
  local following = format('%.0f', math.max(tonumber(known) + 1, time))
  call('HDEL', K.meta, '') -- a command that frees comes first, so that a full memory does not stop us
  if places ~= '' then call('HSET', K.meta, 'places', places, 'created', following) end
  for name, value in string.gmatch(fields, '(%S+) (%S+)') do
    if value == '-' then call('HDEL', K.meta, name) else call('HSET', K.meta, name, value == '@' and following or value) end
  end
  call('HSET', K.meta, 'schema', SCHEMA, 'version', following)
end
return { 'ok', call('HGETALL', K.meta), format('%.0f', time) }
