-- same_batch: the batch that this attempt has received already, its reply having been lost; nil when nothing of it is in flight.
local function same_batch(now_us, request)
  local noted = call('HGET', K.meta, '@' .. request.client)
  local number, fence, deadline = string.match(noted or '', '^(%S+) (%S+) (%S+)')
  if number ~= request.attempt or tonumber(deadline) <= now_us then return nil, '', 0 end
  local ids = call('ZRANGEBYSCORE', K.inflight, deadline, deadline)
  if #ids == 0 then return nil, '', 0 end
  local texts, history = call('HMGET', K.receives, unpack(ids)), {}
  for i = 1, #ids do history[i] = format('%d %d %.0f', entry(texts[i], floor(now_us / 1000))) end
  return ids, table.concat(history, ' '), tonumber(fence), tonumber(deadline), call('HMGET', K.messages, unpack(ids))
end
