-- tell: wake those who await the outcome of these messages.
local function tell(ids)
  local fields = {}
  for i, id in ipairs(ids) do fields[i] = '?' .. id end
  for i, inbox in ipairs(call('HMGET', K.results, unpack(fields))) do
    for one in string.gmatch(inbox or '', '%S+') do call('PUBLISH', one, 'result ' .. ids[i]) end
  end
end
