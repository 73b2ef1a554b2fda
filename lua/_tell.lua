-- tell: wake those who await the outcome of these messages.
local function tell(ids)
  local fields = {}
  for i, id in ipairs(ids) do fields[i] = '?' .. id end
  for i, inbox in ipairs(call('HMGET', results, unpack(fields))) do
    if inbox then call('PUBLISH', inbox, 'result ' .. ids[i]) end
  end
end
