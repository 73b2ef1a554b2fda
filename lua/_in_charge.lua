-- in_charge: whether the client is the one that forwards from this outbox; its time begins anew then.
local function in_charge(now, held, client, lease)
  if held.outboxBy ~= client then return false end
  call('HDEL', K.meta, 'outboxAt')
  call('HSET', K.meta, 'outboxAt', now + lease)
  return true
end
