-- hand_out: put messages in flight and answer them as `take` does. `histories` of those that came before, nil when none did.
local function hand_out(now_us, ids, histories, changed, visibility, held, request, returned)
  local n = #ids
  if n == 0 then return '', '', 0, 0, {}, 0 end
  local fence, deadline = hide(now_us, ids, visibility, held.fence, request)
  local history = ''
  if #changed > 0 then call('HSET', K.receives, unpack(changed)) end
  if histories then
    local first = format('1 1 %.0f', floor(now_us / 1000))
    for i = 1, n do histories[i] = histories[i] or first end
    history = table.concat(histories, ' ')
  end
  return table.concat(ids), history, fence, deadline, call('HMGET', K.messages, unpack(ids)), returned
end
