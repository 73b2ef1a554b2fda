-- tidy: what time alone must do, looked at only when `tidyAt` has come: turn the generations of marks over and drop
-- results whose time is up, at most 1,000 a call.
local RECENT = 300000

-- Turn one pair of generations over when its window has passed. Answers when to look again.
local function turn(name, a, b, now, window)
  local held = call('HMGET', meta, name, name .. 'At', name .. 'Count')
  local since = tonumber(held[2])
  if now < since + window then return since + window end
  local older, newer = a, 'a'
  if held[1] == 'a' then older, newer = b, 'b' end
  call('UNLINK', older)
  if now >= since + 2 * window then
    call('UNLINK', a, b)
    held[3] = '0'
  end
  call('HSET', meta, name, newer, name .. 'At', now, name .. 'Count', 0, name .. 'Before', held[3])
  return now + window
end

local function tidy(now)
  call('HDEL', meta, 'tidyAt') -- a command that frees comes first, so that a full memory does not stop us
  local window = tonumber(call('HGET', meta, 'idempotencyWindow'))
  local look = math.min(turn('recent', recent_a, recent_b, now, RECENT),
    turn('processed', processed_a, processed_b, now, window))
  local over = call('ZRANGEBYSCORE', expiries, '-inf', now, 'LIMIT', 0, 1000)
  if #over > 0 then
    call('ZREM', expiries, unpack(over))
    call('HDEL', results, unpack(over))
  end
  local next_expiry = call('ZRANGE', expiries, 0, 0, 'WITHSCORES')[2]
  if next_expiry then look = math.min(look, math.max(tonumber(next_expiry), now + 1000)) end
  call('HSET', meta, 'tidyAt', look)
end
