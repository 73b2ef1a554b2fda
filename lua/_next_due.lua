-- next_due: when the next message falls due, in ms from now: 0 when one can be received, else the wait's end at the latest.
local function next_due(now_us, wait, returning)
  local now, due = floor(now_us / 1000), math.max(wait, 1)
  local delayed = call('ZRANGE', K.ready, 0, 0, 'WITHSCORES')[2]
  if delayed then due = math.min(due, math.max(tonumber(delayed) - now, 0)) end
  local from = returning > 0 and '-inf' or format('(%.0f', now_us)
  local hidden = call('ZRANGEBYSCORE', K.inflight, from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if not hidden then return due end
  if tonumber(hidden) <= now_us then return 0 end
  return math.min(due, floor(tonumber(hidden) / 1000) + 1 - now)
end
