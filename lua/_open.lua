-- open: read attributes of the partition, after what time alone must do there; refuses a partition that is gone or that
-- a newer release has written, and a caller whose version of the attributes is not the partition's.
-- stores: what a full memory refuses is refused before that frees anything.
-- returns a table of the fields asked for, or nil and the refusal
local function open(now, version, fields, stores)
  local values = call('HMGET', K.meta, 'schema', 'version', 'tidyAt', unpack(fields))
  if not values[1] then return nil, { 'QueueDoesNotExist' } end
  if tonumber(values[1]) > SCHEMA then return nil, { 'SchemaTooNew', values[1], format('%d', SCHEMA) } end
  if version ~= values[2] and version ~= '' then
    return nil, { tonumber(version) < tonumber(values[2]) and 'Outdated' or 'Behind', values[2] }
  end
  if now >= tonumber(values[3]) then
    if stores then call('HSET', K.meta, 'tidyAt', values[3]) end -- changes nothing, and is refused when the memory is full
    tidy(now)
    values = call('HMGET', K.meta, 'schema', 'version', 'tidyAt', unpack(fields))
  end
  local held = { tidyAt = tonumber(values[3]) }
  for i, field in ipairs(fields) do held[field] = values[i + 3] end
  return held
end
