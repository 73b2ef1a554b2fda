-- tidy: what time alone must do, looked at only when `tidyAt` has come: turn the generations of marks over, drop results
-- whose time is up, at most 1,000 a call, and messages older than the retention, at most 500: a ready score is never before
-- the send, so a low one proves the age.
local RECENT = 300000

local function tidy(now)
  -- Turn one pair of generations over when its window has passed. Answers when to look again.
  local function turn(name, a, b, now, window)
    local held = call('HMGET', K.meta, name, name .. 'At', name .. 'Count')
    local since = tonumber(held[2])
    if now < since + window then return since + window end
    local older, newer = a, 'a'
    if held[1] == 'a' then older, newer = b, 'b' end
    local began, before = since + window, held[3]
    call('UNLINK', older)
    if now >= began + window then
      call('UNLINK', a, b)
      began, before = now, 0
    end
    call('HSET', K.meta, name, newer, name .. 'At', began, name .. 'Count', 0, name .. 'Before', before)
    return began + window
  end

  -- Attempts are noted for repeats of receives: of no use once the deadline of their batch has passed.
  local function forget_attempts(now)
    if now < call('HGET', K.meta, 'recentAt') + RECENT then return end
    local fields = call('HGETALL', K.meta)
    for i = 1, #fields, 2 do
      local deadline = sub(fields[i], 1, 1) == '@' and string.match(fields[i + 1], '^%S+ %S+ (%S+)')
      if deadline and tonumber(deadline) <= now * 1000 then call('HDEL', K.meta, fields[i]) end
    end
  end

  call('HDEL', K.meta, 'tidyAt') -- a command that frees comes first, so that a full memory does not stop us
  forget_attempts(now)
  local times = call('HMGET', K.meta, 'idempotencyWindow', 'retention', 'fifo', 'fair')
  local window, retention = tonumber(times[1]), tonumber(times[2])
  local look = math.min(turn('recent', K.recent_a, K.recent_b, now, RECENT),
    turn('processed', K.processed_a, K.processed_b, now, window))
  local over = call('ZRANGEBYSCORE', K.expiries, '-inf', now, 'LIMIT', 0, 1000)
  if #over > 0 then
    call('ZREM', K.expiries, unpack(over))
    call('HDEL', K.results, unpack(over))
  end
  local next_expiry = call('ZRANGE', K.expiries, 0, 0, 'WITHSCORES')[2]
  if next_expiry then look = math.min(look, math.max(tonumber(next_expiry), now + 1000)) end
  if retention then
    local function drop_from(zset, before, limit)
      local stale = call('ZRANGEBYSCORE', zset, '-inf', before, 'LIMIT', 0, limit)
      if #stale == 0 then return 0 end
      call('ZREM', zset, unpack(stale))
      forget(stale)
      return #stale
    end
    drop_from(K.ready, now - retention, 500)
    local head = call('ZRANGE', K.ready, 0, 0, 'WITHSCORES')[2]
    look = math.min(look, (head and tonumber(head) or now) + retention)
    -- So does a deadline, of a message that nobody has received again. Those with groups are looked at where they are received.
    local before = format('%.0f', (now - retention) * 1000)
    if not (times[3] or times[4]) and drop_from(K.inflight, before, 100) == 100 then look = now end
  end
  call('HSET', K.meta, 'tidyAt', look)
end
