-- stand: put messages that carry a group in line, receivable from their times on: behind those of their group on a FIFO
-- queue, by their times on a standard one. Their records are written by the caller.
-- returns the sequence numbers, 0 on a standard queue, and when the first of their groups can be received from (ms)
local function stand(now, held, ids, groups, times, last)
  local waits, lines, numbers_, seen, soonest = {}, {}, {}, {}, nil
  for i, id in ipairs(ids) do
    numbers_[i] = held.fifo and last + i or 0
    waits[2 * i - 1], waits[2 * i] = format('%.0f', times[i]), id
    lines[2 * i - 1], lines[2 * i] = 0, place_of(groups[i], held.fifo and last + i or times[i], id)
  end
  call('ZADD', K.grouped, unpack(waits))
  call('ZADD', K.order, unpack(lines))
  if held.fifo then call('HSET', K.meta, 'sequence', format('%.0f', last + #ids)) end
  if not held.fifo and not held.fair then call('HSET', K.meta, 'fair', '1') end
  for _, group in ipairs(groups) do
    if not seen[group] then
      seen[group] = true
      local at = rank(now, held, group)
      if at and (not soonest or at < soonest) then soonest = at end
    end
  end
  return numbers_, soonest
end
