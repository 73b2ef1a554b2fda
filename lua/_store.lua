-- store: write new messages and the times from which they may be received.
-- `list` holds id and payload of each, one after another; `delays` the delay of each in ms, or one for all.
local function store(now, list, delays)
  local times, soonest = {}, delays
  if type(delays) == 'number' then
    local at = format('%.0f', now + delays)
    for i = 1, #list, 2 do times[i], times[i + 1] = at, list[i] end
  else
    soonest = math.min(unpack(delays))
    for i = 1, #list, 2 do times[i], times[i + 1] = format('%.0f', now + delays[(i + 1) / 2]), list[i] end
  end
  call('ZADD', K.ready, unpack(times))
  call('HSET', K.messages, unpack(list))
  announce(now, soonest)
end
