-- deliver: the receiving half of `receive` and `work`: take messages, or say when to look again and wait for them.
-- request: max, returning, visibility ('' the queue's), wait (ms), inbox, client, attempt, again ('1': a repeat)
-- returns ids, histories, 'fence receivedAt visibility due returned' (due in ms, -1 when messages came; returned: how many,
-- the first ones, had passed their deadline), and the messages
local DELIVER = { 'visibility', 'maxReceives', 'fence', 'awaited', 'paused' }

-- Others wait here: one is woken when there is more, all are told when these messages come back if their worker dies.
local function tell_waiters(now_us, perhaps_more, deadline)
  foretell(now_us, deadline)
  local head = perhaps_more and call('ZRANGE', K.ready, 0, 0, 'WITHSCORES')[2]
  if head and tonumber(head) <= now_us / 1000 then wake(floor(now_us / 1000)) end
end

local function deliver(now_us, request, held)
  local now, max, due = floor(now_us / 1000), tonumber(request.max), -1
  local visibility = tonumber(request.visibility) or tonumber(held.visibility)
  local ids, history, fence, deadline, bodies, returned = '', '', 0, 0, {}, 0
  if max > 0 and not held.paused then
    local batch
    if request.again == '1' then
      batch, history, fence, deadline, bodies = same_batch(now_us, request.client, request.attempt)
    end
    if batch then
      ids = table.concat(batch)
    else
      ids, history, fence, deadline, bodies, returned = take(now_us, request, visibility, held)
      if ids ~= '' and call('EXISTS', K.waiters) == 1 then tell_waiters(now_us, #bodies == max, deadline) end
    end
  end
  local wait = tonumber(request.wait)
  if ids == '' and max > 0 then
    due = held.paused and math.max(wait, 1) or next_due(now_us, wait, tonumber(request.returning))
    if wait > 0 and due > 0 then
      call('ZREMRANGEBYSCORE', K.waiters, '-inf', now)
      call('ZADD', K.waiters, now + due, request.inbox)
    end
  end
  return ids, history, format('%.0f %.0f %.0f %.0f %d', fence, now, visibility, due, returned), bodies
end
