-- configure: write the attributes that this partition goes by, making the partition if it is new, and purge it where the queue
-- has been purged since; all who wait are told to look.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes; an older one than the partition has changes nothing
--      3 fields   names and values of attributes, separated by spaces; a value of '-' removes the attribute. `after`: the version
--        that a removed queue of this name had; what is left of it here goes. `sequenceFloor`: sequence numbers are to be above it
-- returns {'ok', removed, made, sequence}, or {code, ...} when refused: how many messages the last purge removed, 1 when there was no
--   partition, and the last sequence number given
local now, version, fields = unpack(ARGV)
local ABOUT = 'what a partition of a Boomerang queue goes by; docs/keys.md in its package explains it'

local time = floor(clock(now) / 1000)
local held = call('HMGET', K.meta, 'schema', 'version', 'purged', 'purgedCount', 'sequence')
local schema, removed = held[1], tonumber(held[4] or 0)
if schema and tonumber(schema) > SCHEMA then return { 'SchemaTooNew', schema, format('%d', SCHEMA) } end
if held[2] and tonumber(held[2]) >= tonumber(version) and tonumber(schema) == SCHEMA then return { 'ok', removed, 0, held[5] or '0' } end

local after = tonumber(string.match(' ' .. fields, ' after (%d+)') or 0)
if held[2] and tonumber(held[2]) <= after then
  call('UNLINK', unpack(KEYS))
  schema, removed, held = nil, 0, {}
end
local sequence = math.max(tonumber(held[5] or 0), tonumber(string.match(' ' .. fields, ' sequenceFloor (%d+)') or 0))
call('HDEL', K.meta, 'tidyAt')
local purged = string.match(' ' .. fields, ' purged (%d+)')
if purged and tonumber(purged) > tonumber(held[3] or 0) then removed = clear() end
for name, value in string.gmatch(fields, '(%S+) (%S+)') do
  if value == '-' then call('HDEL', K.meta, name) else call('HSET', K.meta, name, value) end
end
call('HSET', K.meta, 'schema', SCHEMA, 'version', version, 'tidyAt', time, 'purgedCount', removed,
  'sequence', format('%.0f', sequence))
if not schema then
  -- With a value of more than 64 bytes `meta` is a hash table: its thirty fields are found sooner than in a list.
  call('HSET', K.meta, 'about', ABOUT, 'fence', 0, 'recent', 'a', 'recentAt', time, 'recentCount', 0, 'recentBefore', 0,
    'processed', 'a', 'processedAt', time, 'processedCount', 0, 'processedBefore', 0)
end
wake_all()
return { 'ok', removed, schema and 0 or 1, format('%.0f', sequence) }
