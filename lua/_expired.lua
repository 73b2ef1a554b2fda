-- expired: take up to `count` messages whose deadline has passed out of flight, the longest overdue first, each with what
-- `receives` holds of it and when it was received first, as far as its deadline tells.
local function expired(now_us, count, visibility)
  local found = call('ZRANGEBYSCORE', K.inflight, '-inf', format('%.0f', now_us), 'WITHSCORES', 'LIMIT', '0', count)
  local names, list = {}, {}
  for i = 1, #found, 2 do
    names[#names + 1] = found[i]
    list[#list + 1] = { id = found[i], first = floor(found[i + 1] / 1000) - visibility }
  end
  if #names == 0 then return list end
  -- Read first: who may not receive, by Redis's access control, is refused here, before anything is written.
  for i, text in ipairs(call('HMGET', K.receives, unpack(names))) do list[i].text = text end
  call('ZREM', K.inflight, unpack(names)) -- frees first, so that a full memory does not stop us
  return list
end
