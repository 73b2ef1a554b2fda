-- deliver: the receiving half of `receive` and `work`: take messages, or say when to look again and wait for them.
-- request: max, returning, visibility ('' the queue's), wait (ms), inbox, client, attempt, again ('1': a repeat)
-- how: take, again (the batch of an attempt that was answered before) and ahead, zsets by ms of what can be received next
-- returns ids, histories, 'fence receivedAt visibility due returned over outbox' (due in ms, -1 when messages came; returned: how
--   many, the first ones, had passed their deadline; over: 1 when as many are in flight as may be; outbox: 1 when somebody should
--   forward what is in it), the messages, and what `take` answers besides

-- Others wait here: one is woken when there is more, all are told when these messages come back if their worker dies.
local function tell_waiters(now_us, ahead, perhaps_more, deadline)
  foretell(now_us, deadline)
  for _, zset in ipairs(perhaps_more and ahead or {}) do
    local head = call('ZRANGE', zset, 0, 0, 'WITHSCORES')[2]
    if head and tonumber(head) <= now_us / 1000 then return wake(floor(now_us / 1000)) end
  end
end

local function deliver(now_us, request, held, how)
  local now, max, due, over = floor(now_us / 1000), tonumber(request.max), -1, 0
  local visibility = tonumber(request.visibility) or tonumber(held.visibility)
  local ids, history, fence, deadline, bodies, returned, besides = '', '', 0, 0, {}, 0, nil
  if max > 0 and not held.paused then
    request.left = held.maxInFlight and held.maxInFlight - call('ZCARD', K.inflight) or max
    local batch
    if request.again == '1' then
      batch, history, fence, deadline, bodies, besides = how.again(now_us, request, visibility, held)
    end
    if batch then
      ids = table.concat(batch)
    elseif held.tidyAt > now then -- else there is more to tidy first, and the caller asks again
      ids, history, fence, deadline, bodies, returned, besides = how.take(now_us, request, visibility, held)
      if ids ~= '' and call('EXISTS', K.waiters) == 1 then
        tell_waiters(now_us, how.ahead, #bodies == max or request.looked == false, deadline)
      end
    end
    if ids == '' and request.left <= 0 then over = 1 end
  end
  if ids == '' and max > 0 then
    local wait = tonumber(request.wait)
    due = math.max(wait, 1)
    if over == 1 then due = math.min(due, 1000) elseif not held.paused then due = next_due(now_us, wait, request, how.ahead) end
    if wait > 0 and due > 0 then
      call('ZREMRANGEBYSCORE', K.waiters, '-inf', now)
      call('ZADD', K.waiters, now + due, request.inbox)
    end
  end
  local forward = held.outboxAt and tonumber(held.outboxAt) <= now and 1 or 0
  return ids, history, format('%.0f %.0f %.0f %.0f %d %d %d', fence, now, visibility, due, returned, over, forward), bodies, besides
end
