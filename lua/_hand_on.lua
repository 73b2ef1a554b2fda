-- hand_on: FIFO groups go on, for messages before have left them: what this caller does not take may be another's, now or when
-- it falls due.
local function hand_on(now_us)
  if call('EXISTS', K.waiters) == 0 then return end
  local now = floor(now_us / 1000)
  for _, zset in ipairs({ K.groups, K.noisy }) do
    local head = call('ZRANGE', zset, 0, 0, 'WITHSCORES')[2]
    if head and tonumber(head) <= now_us / 1000 then return wake(now) end
  end
  local later = call('ZRANGE', K.groups, 0, 0, 'WITHSCORES')[2]
  if later then announce(now, tonumber(later) - now) end
end
