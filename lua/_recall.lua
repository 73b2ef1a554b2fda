-- recall: look up what `receives` holds of messages that are about to be received.
local function recall(found)
  if #found == 0 or call('HLEN', K.receives) == 0 then return end
  local names = {}
  for i, one in ipairs(found) do names[i] = one.id end
  for i, text in ipairs(call('HMGET', K.receives, unpack(names))) do found[i].text = text or nil end
end
