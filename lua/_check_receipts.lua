-- check_receipts: what each receipt is worth: true where the message is still in this delivery, else 'd', 'l' or 'x' in
-- `outcomes` ('x': its deadline is past `expire_at`, µs, where that is given); then whether all are true, and whether any message has returned. The second receipt of a message in one call is told 'd' as if it came after the first.
local function check_receipts(ids, deliveries, expire_at)
  local valid, outcomes, all, taken = {}, {}, true, {}
  local returned = call('HLEN', K.receives) > 0
  local held = returned and call('HMGET', K.receives, unpack(ids)) or {}
  local given = deliveries ~= '' and numbers(deliveries)
  for i, deadline in ipairs(call('ZMSCORE', K.inflight, unpack(ids))) do
    local id = ids[i]
    valid[i] = deadline and not taken[id] and entry(held[i], 0) == (given and given[i] or 1)
    outcomes[i] = 'd'
    if valid[i] and expire_at and tonumber(deadline) <= expire_at then
      valid[i], all, outcomes[i] = false, false, 'x'
    elseif valid[i] then
      taken[id] = true
    else
      all = false
      if not taken[id] and (deadline or call('HEXISTS', K.messages, id) == 1 or call('ZSCORE', K.dead, id)
        or call('HEXISTS', K.results, '!' .. id) == 1) then
        outcomes[i] = 'l'
      end
    end
  end
  return valid, outcomes, all, returned
end
