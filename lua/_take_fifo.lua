-- take_fifo: as `take`, of a FIFO queue: group by group, those first that have been receivable for longest; of each the
-- messages from its head up to the first that is invisible, at most request.each.
-- returns what `take` does, but no count of those that returned; then for each its sequence number (16 digits) and 'r' when
--   its deadline had passed, else '-', joined
local function take_fifo(now_us, request, visibility, held)
  local now, usual = floor(now_us / 1000), tonumber(held.visibility)
  local room, returning, each = tonumber(request.max), tonumber(request.returning), tonumber(request.each)
  local left = math.max(request.left, 0) -- what comes back is in flight already
  local found, waiting, back, touched, lines, flags = {}, {}, {}, {}, {}, {}
  request.looked = true
  for _, group in ipairs(heads(now_us, math.min(returning, room), math.min(left, room))) do
    if room == 0 then break end
    local here, names = line_of(group, math.min(room, each)), {}
    for i, line in ipairs(here) do names[i] = sub(line, -20) end
    local due = #names > 0 and call('ZMSCORE', K.grouped, unpack(names)) or {}
    local hidden = #names > 0 and call('ZMSCORE', K.inflight, unpack(names)) or {}
    touched[group] = true
    if not due[1] and not hidden[1] then request.looked = false end -- of no message that there is
    for i, id in ipairs(names) do
      local returns = hidden[i] and tonumber(hidden[i]) <= now_us
      if not (returns and returning > 0 or due[i] and tonumber(due[i]) <= now and left > 0) then break end
      if returns then returning = returning - 1 else left = left - 1 end
      local list = returns and back or waiting
      list[#list + 1] = id
      found[#found + 1] = { id = id, first = returns and floor(hidden[i] / 1000) - usual }
      lines[id], flags[id], room = here[i], returns and 'r' or '-', room - 1
    end
  end
  if #waiting > 0 then call('ZREM', K.grouped, unpack(waiting)) end
  if #back > 0 then call('ZREM', K.inflight, unpack(back)) end
  recall(found)
  local ids, histories, changed, spent, stale = renumber(now, found, visibility, held)
  for i = 1, #spent, 5 do call('ZREM', K.order, lines[spent[i]]) end
  for _, id in ipairs(stale) do call('ZREM', K.order, lines[id]) end
  if #stale > 0 then forget(stale) end
  if #spent > 0 then bury(now, spent, held) end
  if #stale + #spent > 0 then request.looked = false end
  local marks = {}
  for i, id in ipairs(ids) do marks[i] = sub(lines[id], -36, -21) .. flags[id] end
  local joined, history, fence, deadline, bodies = hand_out(now_us, ids, histories, changed, visibility, held, request, 0)
  for group in pairs(touched) do rank(now, held, group) end
  return joined, history, fence, deadline, bodies, 0, table.concat(marks)
end
