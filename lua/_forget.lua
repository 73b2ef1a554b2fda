-- forget: drop messages that are older than the queue's retention, with the keys that they hold. They are in no zset any more.
local function forget(ids)
  local records = call('HMGET', K.messages, unpack(ids))
  call('HDEL', K.messages, unpack(ids))
  call('HDEL', K.receives, unpack(ids))
  for i, id in ipairs(ids) do
    local key = records[i] and string.match(records[i], '^%u(......................)')
    local holder = key and call('HGET', K.keys, key)
    if holder and sub(holder, 1, 21) == 'p' .. id then call('HDEL', K.keys, key) end
  end
end
