-- open: read attributes of the partition, after what time alone must do there; refuses a partition that is gone or that
-- a newer release has written.
-- returns a table of the fields asked for, or nil and the refusal
local function open(now, fields)
  local values = call('HMGET', K.meta, 'schema', 'tidyAt', unpack(fields))
  if not values[1] then return nil, { 'QueueDoesNotExist' } end
  if tonumber(values[1]) > SCHEMA then return nil, { 'SchemaTooNew', values[1], format('%d', SCHEMA) } end
  if now >= tonumber(values[2]) then
    tidy(now)
    values = call('HMGET', K.meta, 'schema', 'tidyAt', unpack(fields))
  end
  local held = {}
  for i, field in ipairs(fields) do held[field] = values[i + 2] end
  return held
end
