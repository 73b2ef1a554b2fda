-- hide: put a batch in flight. Every batch has a deadline of its own (fences rise), by which a repeated receive finds its
-- messages again.
-- The partition notes the client's attempt; see _tidy.lua for how long.
-- returns the fence of the first, and the deadline (µs)
local function hide(now_us, ids, visibility, last_fence, request)
  local fence = math.max(tonumber(last_fence) + 1, now_us)
  local deadline = fence + visibility * 1000
  local text, hidden = format('%.0f', deadline), {}
  for i, id in ipairs(ids) do hidden[2 * i - 1], hidden[2 * i] = text, id end
  call('ZADD', K.inflight, unpack(hidden))
  local last = format('%.0f', fence + #ids - 1)
  call('HSET', K.meta, 'fence', last, '@' .. request.client, format('%s %.0f %s %d', request.attempt, fence, text, #ids))
  return fence, deadline
end
