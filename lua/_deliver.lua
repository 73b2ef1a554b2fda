-- deliver: the receiving half of `receive` and `work`: take messages, or say when to look again and wait for them.
-- request: max, returning, visibility ('' the queue's), wait (ms), inbox, client, attempt, again ('1': a repeat)
-- returns ids, histories, 'fence receivedAt visibility due returned' (due in ms, -1 when messages came; returned: how many,
-- the first ones, had passed their deadline), and the messages
local DELIVER = { 'visibility', 'maxReceives', 'fence', 'awaited', 'paused', 'recent' }

-- The batch that this attempt has received already, its reply having been lost; nil when nothing of it is in flight.
local function same_batch(now_us, client, attempt)
  for _, generation in ipairs({ recent_a, recent_b }) do
    local noted = call('HGET', generation, '@' .. client)
    local number, fence, deadline = string.match(noted or '', '^(%S+) (%S+) (%S+)$')
    if number == attempt and tonumber(deadline) > now_us then
      local ids = call('ZRANGEBYSCORE', inflight, deadline, deadline)
      if #ids > 0 then
        local texts, history = call('HMGET', receives, unpack(ids)), {}
        for i = 1, #ids do history[i] = format('%d %d %.0f', entry(texts[i], floor(now_us / 1000))) end
        return ids, table.concat(history, ' '), tonumber(fence), tonumber(deadline), call('HMGET', messages, unpack(ids))
      end
    end
  end
end

-- When the next message falls due, in ms from now: 0 when one can be received, else the wait's end at the latest.
local function next_due(now_us, wait, returning)
  local now, due = floor(now_us / 1000), math.max(wait, 1)
  local delayed = call('ZRANGE', ready, 0, 0, 'WITHSCORES')[2]
  if delayed then due = math.min(due, math.max(tonumber(delayed) - now, 0)) end
  local from = returning > 0 and '-inf' or format('(%.0f', now_us)
  local hidden = call('ZRANGEBYSCORE', inflight, from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if not hidden then return due end
  if tonumber(hidden) <= now_us then return 0 end
  return math.min(due, floor(tonumber(hidden) / 1000) + 1 - now)
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
      ids, history, fence, deadline, bodies, returned = take(now_us, max, tonumber(request.returning), visibility, held)
      if ids ~= '' then
        local generation = held.recent == 'b' and recent_b or recent_a
        call('HSET', generation, '@' .. request.client, format('%s %.0f %.0f', request.attempt, fence, deadline))
      end
      if #bodies == max then
        local head = call('ZRANGE', ready, 0, 0, 'WITHSCORES')[2]
        if head and tonumber(head) <= now then wake() end
      end
    end
  end
  local wait = tonumber(request.wait)
  if ids == '' and max > 0 then
    due = held.paused and math.max(wait, 1) or next_due(now_us, wait, tonumber(request.returning))
    if wait > 0 and due > 0 then
      call('ZREMRANGEBYSCORE', waiters, '-inf', now)
      call('ZADD', waiters, now + due, request.inbox)
    end
  end
  return ids, history, format('%.0f %.0f %.0f %.0f %d', fence, now, visibility, due, returned), bodies
end
