-- judge: is message `i` of a send new, or what is known of it? `print` is the digest of its payload.
-- returns an outcome as send_once answers it, and the id that was first
local function judge(seen, time, i, id, print)
  local key, here = seen.key_of[i], seen.ready[i] or seen.inflight[i] or seen.dead[i] or seen.new[id]
  if not key then
    seen.new[id] = 'p'
    return (here or seen.ids_done[seen.id_mark[i]]) and 's' or 'n', id
  end
  if here then return 's', id end
  local waiting = seen.new[key] or seen.pending[i]
  if waiting and sub(waiting, 1, 1) == 'p' then
    local first, first_print = sub(waiting, 2, 21), sub(waiting, 22)
    if first == id then return 's', id end
    return (first_print == '' or first_print == print) and 'p' or 'x', first
  elseif waiting and tonumber(sub(waiting, 2, 14)) > time then
    return 'p', sub(waiting, 15)
  end
  local record = seen.recorded[i]
  if record then
    local first, first_print = sub(record, 1, 20), sub(record, 21)
    if first == id then return 's', id end
    if first_print ~= '' and first_print ~= print then return 'x', first end
    return 'r', first
  end
  if seen.keys_done[sub(key, 1, MARK)] then return 'm', '' end
  seen.new[key] = 'p' .. id .. print
  return 'n', id
end
