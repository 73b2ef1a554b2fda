-- configure: write the attributes that this partition goes by, making the partition if it is new.
--
-- KEYS   the partition's keys (see _prelude.lua); uses meta, waiters
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes; an older one than the partition has changes nothing
--      3 fields   names and values of attributes, separated by spaces; a value of '-' removes the attribute
-- returns {'ok'}, or {code, ...} when refused
local now, version, fields = unpack(ARGV)

local time = floor(clock(now) / 1000)
local schema, held = call('HGET', K.meta, 'schema'), call('HGET', K.meta, 'version')
if schema and tonumber(schema) > SCHEMA then return { 'SchemaTooNew', schema, format('%d', SCHEMA) } end
if held and tonumber(held) >= tonumber(version) then return { 'ok' } end

call('HDEL', K.meta, 'tidyAt')
for name, value in string.gmatch(fields, '(%S+) (%S+)') do
  if value == '-' then call('HDEL', K.meta, name) else call('HSET', K.meta, name, value) end
end
call('HSET', K.meta, 'version', version, 'tidyAt', time)
if not schema then
  call('HSET', K.meta, 'schema', SCHEMA, 'fence', 0, 'recent', 'a', 'recentAt', time, 'recentCount', 0, 'recentBefore', 0,
    'processed', 'a', 'processedAt', time, 'processedCount', 0, 'processedBefore', 0)
end
wake(time)
return { 'ok' }
