-- take: hide up to request.max receivable messages and answer them, those whose deadline has passed first, of these at
-- most request.returning. Messages received too often become dead letters instead, and those that are too old are dropped.
-- held: visibility, maxReceives, retention, fence, awaited of the partition
-- returns ids joined, 'deliveries attempts first' of each joined by spaces ('' when all came for the first time),
--   fence of the first, deadline (µs), the messages, and how many of them (the first ones) had passed their deadline
local function take(now_us, request, visibility, held)
  local max, returning = tonumber(request.max), tonumber(request.returning)
  local now, usual, limit = floor(now_us / 1000), tonumber(held.visibility), tonumber(held.maxReceives)
  local retention = tonumber(held.retention) or math.huge
  local least = held.late and now - retention -- messages that waited before they could be received first
  local ids, histories, changed, spent, stale = {}, nil, {}, {}, {}

  -- A message that comes back gets its next numbers, or is spent, or is too old.
  local function consider(id, text, first)
    local deliveries, attempts, since, err, enqueued = entry(text, first)
    if enqueued > 0 and enqueued + retention <= now or enqueued == 0 and sent_at(id) + retention <= now then
      stale[#stale + 1] = id
      return
    end
    if attempts >= limit then
      local n = #spent
      spent[n + 1], spent[n + 2], spent[n + 3], spent[n + 4], spent[n + 5] = id, 'maxReceives ' .. err, deliveries, attempts, since
      return
    end
    ids[#ids + 1] = id
    histories = histories or {}
    histories[#ids] = format('%d %d %.0f', deliveries + 1, attempts + 1, since)
    changed[#changed + 1], changed[#changed + 2] = id, entry_text(deliveries + 1, attempts + 1, since, err, enqueued)
  end

  for _, one in ipairs(returning > 0 and expired(now_us, math.min(max, returning), usual) or {}) do
    consider(one.id, one.text, one.first)
  end
  local expired_count = #ids
  local room = math.min(max - expired_count, request.left)
  local waiting = room > 0 and call('ZRANGEBYSCORE', K.ready, '-inf', now, 'LIMIT', '0', room) or {}
  if #waiting > 0 then
    call('ZREMRANGEBYRANK', K.ready, '0', #waiting - 1)
    if held.returned == nil then held.returned = call('HLEN', K.receives) > 0 end
    local texts = held.returned and call('HMGET', K.receives, unpack(waiting)) or {}
    for i, id in ipairs(waiting) do
      if texts[i] then
        consider(id, texts[i], now)
      elseif least and sent_at(id) <= least then
        stale[#stale + 1] = id
      else
        ids[#ids + 1] = id
        if visibility ~= usual then changed[#changed + 1], changed[#changed + 2] = id, entry_text(1, 1, now) end
      end
    end
  end

  if #stale > 0 then forget(stale) end
  if #spent > 0 then bury(now, spent, held) end
  return hand_out(now_us, ids, histories, changed, visibility, held, request, expired_count)
end
