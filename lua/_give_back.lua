-- give_back: messages that were in flight wait again from `times` on (those that have one), or are dead now (`dying`); their
-- groups go on.
local function give_back(now, held, ids, times, dying, standing)
  local groups, lines = standing_of(standing, ids)
  local plain, grouped, order, back, dead, soonest = {}, {}, {}, {}, {}, nil
  for i, id in ipairs(ids) do
    local alone = (groups[i] or '') == ''
    if times[i] and alone then
      plain[#plain + 1], plain[#plain + 2] = times[i], id
      soonest = math.min(soonest or times[i], times[i])
    elseif times[i] then
      grouped[#grouped + 1], grouped[#grouped + 2], back[i] = times[i], id, true
      if not held.fifo then order[#order + 1], order[#order + 2] = 0, place_of(groups[i], times[i], id) end
    elseif dying[i] and not alone then
      dead[i] = true
    end
  end
  if #plain > 0 then call('ZADD', K.ready, unpack(plain)) end
  if #grouped > 0 then call('ZADD', K.grouped, unpack(grouped)) end
  if #order > 0 then call('ZADD', K.order, unpack(order)) end
  for _, at in pairs({ vacate(now, held, groups, lines, dead), vacate(now, held, groups, lines, back, true) }) do
    soonest = math.min(soonest or at, at)
  end
  if soonest then announce(now, math.max(soonest - now, 0)) end
end
