-- settle: remove messages whose work is done and remember that it is: their ids for five minutes, their keys for the
-- idempotency window.
-- done: ids joined, deliveries ('' when all are 1), marks of the ids joined (14 each), keys ('' or 22 characters each,
--   blank where there is none), results: indexes, sizes and the values joined; and sends and payloads: what goes to other queues
-- held: recent, recentCount, processed, processedCount, resultTtl, awaited of the partition; returned: whether any message here
-- has come back, is noted in it
-- A receipt of a FIFO queue (held.fifo) ends with its deadline.
-- returns '' when all are done, else a letter for each: 'd' done (now or before), 'l' lost to another delivery, or the key to
--   another message, 'x' expired; and which are done now
local function settle(now_us, done, held)
  local now = floor(now_us / 1000)
  local ids, marks = split(done.ids, 20), split(done.marks, MARK)
  local valid, outcomes, all, returned = check_receipts(ids, done.deliveries, held.fifo and now_us)
  held.returned = returned -- so that `take` need not ask
  local keyed, pending, own, key_marks = {}, {}, {}, {}
  if done.keys ~= '' then
    local wanted = split(done.keys, 22)
    for i, text in ipairs(call('HMGET', K.keys, unpack(wanted))) do pending[wanted[i]] = text or nil end
    for i, id in ipairs(ids) do
      local key = wanted[i]
      local text = pending[key]
      if valid[i] and sub(key, 1, 1) ~= ' ' then
        if own[key] or not (text and holder_of(text) == id) and superseded(now, held, id, key, text) then
          valid[i], all, outcomes[i] = false, false, 'l'
        else
          keyed[i], own[key] = key, true
          own[#own + 1], key_marks[#key_marks + 1] = key, sub(key, 1, MARK)
        end
      end
    end
  end
  local gone, gone_marks = ids, marks
  if not all then
    gone, gone_marks = {}, {}
    for i, id in ipairs(ids) do
      if valid[i] then gone[#gone + 1], gone_marks[#gone_marks + 1] = id, marks[i] end
    end
  end
  if #gone == 0 then return table.concat(outcomes), valid end

  call('ZREM', K.inflight, unpack(gone))
  call('HDEL', K.messages, unpack(gone))
  if returned then call('HDEL', K.receives, unpack(gone)) end
  mark(held.recent == 'b' and K.recent_b or K.recent_a, tonumber(held.recentCount), gone_marks)
  call('HINCRBY', K.meta, 'recentCount', #gone)
  if #own > 0 then
    call('HDEL', K.keys, unpack(own))
    mark(held.processed == 'b' and K.processed_b or K.processed_a, tonumber(held.processedCount), key_marks)
    call('HINCRBY', K.meta, 'processedCount', #own)
  end
  if done.sends ~= '' then follow(now, done.sends, done.payloads, valid, held) end
  local ttl = tonumber(held.resultTtl)
  if ttl > 0 and (done.results ~= '' or #own > 0) then keep_results(now, done, ids, valid, keyed, pending, ttl) end
  if held.awaited and tonumber(held.awaited) > now then tell(gone) end
  return all and '' or table.concat(outcomes), valid
end
