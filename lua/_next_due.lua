-- next_due: when the next message falls due, in ms from now: 0 when one can be received, else the wait's end at the latest.
-- `ahead`: zsets by ms of what can be received next; of what is in them, what had been due before was looked at when
-- request.looked is set.
local function next_due(now_us, wait, request, ahead)
  local now, due = floor(now_us / 1000), math.max(wait, 1)
  for _, zset in ipairs(ahead) do
    local head = request.looked and call('ZRANGEBYSCORE', zset, format('(%.4f', now_us / 1000), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
      or not request.looked and call('ZRANGE', zset, 0, 0, 'WITHSCORES')[2]
    if head then due = math.min(due, math.max(math.ceil(head) - now, 0)) end
  end
  local from = tonumber(request.returning) > 0 and not request.looked and '-inf' or format('(%.0f', now_us)
  local hidden = call('ZRANGEBYSCORE', K.inflight, from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if not hidden then return due end
  if tonumber(hidden) <= now_us then return 0 end
  return math.min(due, floor(tonumber(hidden) / 1000) + 1 - now)
end
