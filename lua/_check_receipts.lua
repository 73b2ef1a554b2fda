-- check_receipts: what each receipt is worth: true where the message is still in this delivery, else 'd' or 'l' in `outcomes`.
local function check_receipts(ids, deliveries)
  local valid, outcomes, all = {}, {}, true
  local now_held = call('HLEN', receives) > 0 and call('HMGET', receives, unpack(ids)) or {}
  local given = deliveries ~= '' and numbers(deliveries)
  for i, deadline in ipairs(call('ZMSCORE', inflight, unpack(ids))) do
    local current = entry(now_held[i], 0)
    valid[i] = deadline and current == (given and given[i] or 1)
    outcomes[i] = 'd'
    if not valid[i] then
      all = false
      if deadline or call('HEXISTS', messages, ids[i]) == 1 or call('ZSCORE', dead, ids[i]) then outcomes[i] = 'l' end
    end
  end
  return valid, outcomes, all
end
