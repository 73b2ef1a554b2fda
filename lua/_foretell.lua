-- foretell: tell the waiting clients that mean to look later than `due` (µs) to look then, so that a message
-- whose worker dies is not kept waiting by a sleeper. Each is told once for a due time; 16 a call bound the script.
local function foretell(now_us, due)
  local at = floor(due / 1000) + 1
  local late = call('ZRANGEBYSCORE', K.waiters, format('(%.0f', at), '+inf', 'LIMIT', 0, 16)
  for _, inbox in ipairs(late) do
    call('ZADD', K.waiters, 'XX', at, inbox)
    call('PUBLISH', inbox, format('%.0f ', at - floor(now_us / 1000)) .. K.ready)
  end
end
