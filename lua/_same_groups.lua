-- same_groups: as `same_batch`, with what `take_fifo` answers besides, in the order of the groups. An attempt that the
-- caller has named ('!' in front) is answered within five minutes, while nothing of its batch has changed; the messages are
-- then hidden anew.
local ATTEMPT = 300000000

-- Hide the batch of a named attempt anew, unless it is too long ago or something of it has left.
-- returns its new fence and deadline
local function hide_again(now_us, ids, texts, visibility, held, request, first, count)
  if first + ATTEMPT <= now_us or count ~= #ids then return end
  local noted = {}
  for i, id in ipairs(ids) do
    if not texts[i] then noted[#noted + 1], noted[#noted + 2] = id, entry_text(1, 1, floor(first / 1000)) end
  end
  call('ZREM', K.inflight, unpack(ids)) -- frees first, so that a full memory does not stop us
  local fence, deadline = hide(now_us, ids, visibility, held.fence, request)
  call('HSET', K.meta, '@' .. request.client, format('%s %.0f %.0f %d', request.attempt, first, deadline, count))
  if #noted > 0 then call('HSET', K.receives, unpack(noted)) end
  return fence, deadline
end

local function same_groups(now_us, request, visibility, held)
  local ids, _, first, deadline, bodies = same_batch(now_us, request)
  if not ids then return nil, '', 0 end
  local count = tonumber(string.match(call('HGET', K.meta, '@' .. request.client), '(%d+)$'))
  local texts, fence, named = call('HMGET', K.receives, unpack(ids)), first, sub(request.client, 1, 1) == '!'
  if named then
    fence, deadline = hide_again(now_us, ids, texts, visibility, held, request, first, count)
    if not fence then return nil, '', 0 end
  end
  local batch, numbers_ = {}, {}
  for i, id in ipairs(ids) do
    local group = group_of(bodies[i])
    if held.fifo and not numbers_[group] then
      numbers_[group] = {}
      for _, line in ipairs(line_of(group, count)) do numbers_[group][sub(line, -20)] = sub(line, -36, -21) end
      if named then rank(floor(now_us / 1000), held, group) end
    end
    batch[i] = { id = id, body = bodies[i], number = held.fifo and numbers_[group][id] or string.rep('0', 16),
      history = format('%d %d %.0f', entry(texts[i], floor(first / 1000))) }
  end
  if held.fifo then table.sort(batch, function(a, b) return tonumber(a.number) < tonumber(b.number) end) end
  local histories, marks = {}, {}
  for i, one in ipairs(batch) do
    ids[i], bodies[i], histories[i], marks[i] = one.id, one.body, one.history, one.number .. '-'
  end
  return ids, table.concat(histories, ' '), fence, deadline, bodies, table.concat(marks)
end
