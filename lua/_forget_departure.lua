-- forget_departure: messages are here again, or for the first time: what was noted when they left is no longer so.
local function forget_departure(ids)
  local names = {}
  for i, id in ipairs(ids) do names[i] = '!' .. id end
  call('HDEL', K.results, unpack(names))
  call('ZREM', K.expiries, unpack(names))
end
