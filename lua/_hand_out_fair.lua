-- hand_out_fair: number and hand out what `take_fair` has found; `flags[id]` is 'r' for a message whose deadline had passed.
local NO_SEQUENCE = string.rep('0', 16)

local function hand_out_fair(now_us, found, flags, visibility, held, request)
  local now, marks = floor(now_us / 1000), {}
  recall(found)
  local ids, histories, changed, spent, stale = renumber(now, found, visibility, held)
  if #spent + #stale > 0 then
    drop(now, held, spent, stale)
    request.looked = false
  end
  for i, id in ipairs(ids) do marks[i] = NO_SEQUENCE .. (flags[id] or '-') end
  local joined, history, fence, deadline, bodies = hand_out(now_us, ids, histories, changed, visibility, held, request, 0)
  return joined, history, fence, deadline, bodies, 0, table.concat(marks)
end
