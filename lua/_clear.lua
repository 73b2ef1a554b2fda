-- clear: remove all messages, ready, delayed and in flight, with their pending keys, their groups and the deduplication of
-- sends. Dead letters, results, marks of what is done and sequence numbers stay. Answers how many messages there were.
local function clear()
  local removed = call('ZCARD', K.ready) + call('ZCARD', K.grouped) + call('ZCARD', K.inflight)
  call('UNLINK', K.ready, K.inflight, K.messages, K.receives, K.keys, K.grouped, K.order, K.groups, K.noisy, K.tenants,
    K.sent_a, K.sent_b)
  call('HDEL', K.meta, 'fair')
  return removed
end
