-- store: write new messages and the times from which they may be received.
-- `list` holds id and payload of each, one after another; `delays` the delay of each in ms, or one for all.
local function store(now, list, delays)
  local times, same = {}, type(delays) == 'number' and format('%.0f', now + delays)
  for i = 1, #list, 2 do
    times[i] = same or format('%.0f', now + delays[(i + 1) / 2])
    times[i + 1] = list[i]
  end
  call('ZADD', ready, unpack(times))
  call('HSET', messages, unpack(list))
end
