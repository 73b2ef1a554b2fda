-- superseded: has a key that a worker derived passed to another message, since its claim on it had lapsed? Then the work has been
-- done under another's name, or is, and counts there. A key that came with its message is the message's as long as that is here.
local function superseded(now, held, id, key, holder)
  if string.match(call('HMGET', K.messages, id)[1] or '', '^%u') then return false end
  if holder and (sub(holder, 1, 1) == 'p' or tonumber(sub(holder, 2, 14)) > now) then return true end
  held.processedBefore = call('HGET', K.meta, 'processedBefore')
  local own = sub(key, 1, MARK)
  return marked(generations('processed', K.processed_a, K.processed_b, held), { own })[own] == true
end
