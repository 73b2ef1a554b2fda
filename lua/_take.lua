-- take: hide up to `max` receivable messages and answer them, those whose deadline has passed first, of these at most
-- `returning`. Messages received too often become dead letters instead.
-- held: visibility, maxReceives, fence, awaited of the partition
-- returns ids joined, 'deliveries attempts first' of each joined by spaces ('' when all came for the first time),
--   fence of the first, deadline (µs), the messages, and how many of them (the first ones) had passed their deadline
local function take(now_us, max, returning, visibility, held)
  local now, usual, limit = floor(now_us / 1000), tonumber(held.visibility), tonumber(held.maxReceives)
  local ids, histories, changed, spent = {}, nil, {}, {}

  -- A message that comes back gets its next numbers, or is spent.
  local function consider(id, text, first, again)
    local deliveries, attempts, since, err = entry(text, first)
    if attempts >= limit then
      local n = #spent
      spent[n + 1], spent[n + 2], spent[n + 3], spent[n + 4], spent[n + 5] = id, 'maxReceives ' .. err, deliveries, attempts, since
      return
    end
    ids[#ids + 1] = id
    histories = histories or {}
    histories[#ids] = format('%d %d %.0f', deliveries + 1, attempts + 1, since)
    changed[#changed + 1], changed[#changed + 2] = id, entry_text(deliveries + 1, attempts + 1, since, err)
  end

  if returning > 0 then
    local expired = call('ZRANGEBYSCORE', inflight, '-inf', format('%.0f', now_us), 'WITHSCORES', 'LIMIT', 0, math.min(max, returning))
    if #expired > 0 then
      local names, deadlines = {}, {}
      for i = 1, #expired, 2 do names[#names + 1], deadlines[#deadlines + 1] = expired[i], tonumber(expired[i + 1]) end
      call('ZREM', inflight, unpack(names)) -- frees first, so that a full memory does not stop us
      for i, text in ipairs(call('HMGET', receives, unpack(names))) do
        consider(names[i], text, floor(deadlines[i] / 1000) - usual)
      end
    end
  end

  local expired_count = #ids
  local room = max - expired_count
  local waiting = room > 0 and call('ZRANGEBYSCORE', ready, '-inf', now, 'LIMIT', 0, room) or {}
  if #waiting > 0 then
    call('ZREMRANGEBYRANK', ready, 0, #waiting - 1)
    local texts = call('HLEN', receives) > 0 and call('HMGET', receives, unpack(waiting)) or {}
    for i, id in ipairs(waiting) do
      if texts[i] then
        consider(id, texts[i], now)
      else
        ids[#ids + 1] = id
        if visibility ~= usual then changed[#changed + 1], changed[#changed + 2] = id, entry_text(1, 1, now) end
      end
    end
  end

  if #spent > 0 then bury(now, spent, held.awaited) end
  local n = #ids
  if n == 0 then return '', '', 0, 0, {}, 0 end

  -- Every batch has a deadline of its own (fences rise), by which a repeated receive finds its messages again.
  local fence = math.max(tonumber(held.fence) + 1, now_us)
  local deadline = fence + visibility * 1000
  local text, hidden, history = format('%.0f', deadline), {}, ''
  for i, id in ipairs(ids) do hidden[2 * i - 1], hidden[2 * i] = text, id end
  call('ZADD', inflight, unpack(hidden))
  if #changed > 0 then call('HSET', receives, unpack(changed)) end
  call('HSET', meta, 'fence', format('%.0f', fence + n - 1))
  if histories then
    local first = format('1 1 %.0f', now)
    for i = 1, n do histories[i] = histories[i] or first end
    history = table.concat(histories, ' ')
  end
  foretell(now_us, deadline)
  return table.concat(ids), history, fence, deadline, call('HMGET', messages, unpack(ids)), expired_count
end
