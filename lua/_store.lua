-- store: write new messages and the times from which they may be received.
-- `list` holds id and payload of each, one after another; `delays` the delay of each in ms, or one for all; aged: some ids are old.
local function store(now, list, delays, aged)
  local times, soonest = {}, delays
  if type(delays) == 'number' then
    local at = format('%.0f', now + delays)
    for i = 1, #list, 2 do times[i], times[i + 1] = at, list[i] end
  else
    soonest = math.min(unpack(delays))
    for i = 1, #list, 2 do times[i], times[i + 1] = format('%.0f', now + delays[(i + 1) / 2]), list[i] end
  end
  call('HSET', K.messages, unpack(list)) -- first: who may not send, by Redis's access control, is refused here
  call('ZADD', K.ready, unpack(times))
  -- From now on a late time in `ready` does not prove that a message is young.
  if delays ~= 0 or aged then call('HSET', K.meta, 'late', '1') end
  announce(now, soonest)
end
