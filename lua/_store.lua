-- store: write new messages and the times from which they may be received.
-- `list` holds for each message its id, its payload and its delay in ms, one after another.
local function store(now, list)
  local times, bodies = {}, {}
  local stamp, times_by_delay = format('%013.0f', now), {}
  for i = 1, #list, 3 do
    local id, delay = list[i], list[i + 2]
    local at = times_by_delay[delay]
    if not at then
      at = format('%.0f', now + delay)
      times_by_delay[delay] = at
    end
    local n = #times
    times[n + 1], times[n + 2] = at, id
    bodies[n + 1], bodies[n + 2] = id, stamp .. list[i + 1]
  end
  call('ZADD', ready, unpack(times))
  call('HSET', messages, unpack(bodies))
end
