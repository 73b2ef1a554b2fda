-- bury: messages have died: they go to the queue's dead-letter queue by way of the outbox where it has one, else to its own
-- dead letters, each with its reason and what is known of its deliveries.
-- A letter is 'deliveries attempts first <bytes of reason> <digest of the payload, or -> ' reason record. A pending key is
-- freed; the digest with which it was sent goes along.
-- `list` holds for each message its id, reason, deliveries, attempts and first received at; held: awaited.
local function bury(now, list, held)
  local ids, leaving = {}, {}
  local queue = call('HGET', K.meta, 'deadLetterQueue') or nil
  for i = 1, #list, 5 do ids[#ids + 1] = list[i] end
  call('ZREM', K.inflight, unpack(ids))
  local records = call('HMGET', K.messages, unpack(ids))
  local texts = queue and call('HMGET', K.receives, unpack(ids))
  call('HDEL', K.messages, unpack(ids))
  call('HDEL', K.receives, unpack(ids))
  for i, id in ipairs(ids) do
    local record, at = records[i], 5 * (i - 1)
    if record then
      local key = string.match(record, '^%u(......................)')
      local holder, print = key and call('HGET', K.keys, key), '-'
      if holder and sub(holder, 1, 21) == 'p' .. id then
        call('HDEL', K.keys, key)
        if #holder > 21 then print = sub(holder, 22) end
      end
      local reason = list[at + 2]
      if queue then
        local _, _, _, _, enqueued = entry(texts[i], 0)
        leaving[#leaving + 1] = { to = queue, kind = 'd', id = id, record = record, print = print,
          deliveries = list[at + 3], first = list[at + 5], enqueued = enqueued, reason = reason }
      else
        call('ZADD', K.dead, now, id)
        call('HSET', K.letters, id, format('%d %d %.0f %d %s ', list[at + 3], list[at + 4], list[at + 5], #reason, print)
          .. reason .. record)
      end
    end
  end
  if #leaving > 0 then post(now, leaving, held) end
  if held.awaited then tell(ids) end
end
