-- vacate: messages have left their groups for good, or gone back to wait: their groups go on. `gone[i]` says which of them
-- are concerned; of a FIFO queue their places go too, unless `stay` is set.
-- returns when the first of these groups can be received from (ms), nil when none can
local function vacate(now, held, groups, lines, gone, stay)
  local counts, freed, soonest = {}, {}, nil
  for i, group in pairs(groups) do
    if gone[i] then
      counts[group] = (counts[group] or 0) + 1
      if lines[i] and not stay then freed[#freed + 1] = lines[i] end
    end
  end
  if #freed > 0 then call('ZREM', K.order, unpack(freed)) end
  for group, count in pairs(counts) do
    if not held.fifo then
      local left = call('HINCRBY', K.tenants, group, -count)
      if left <= 0 then call('HDEL', K.tenants, group) end
    end
    local at = rank(now, held, group)
    if at and (not soonest or at < soonest) then soonest = at end
  end
  return soonest
end
