-- settle_moved: what is noted of messages that come from another queue: keys, histories, deduplication; and duplicates of messages
-- that died or were moved, which are dead letters here until their key is free.
local function settle_moved(time, held, list, outcomes, firsts, letters, new, generation)
  local keys, histories, sent, stored = {}, {}, {}, {}
  for i, one in ipairs(list) do
    local outcome = outcomes[i]
    if letters[one.at] == 'v' then break end
    if outcome == 'n' then
      stored[#stored + 1] = one.id
      if one.key then keys[#keys + 1], keys[#keys + 2] = one.key, new[one.key] end
      if one.dedup ~= '-' then sent[#sent + 1], sent[#sent + 2] = one.dedup, new['=' .. one.dedup] end
      if one.kind ~= 'f' then
        histories[#histories + 1], histories[#histories + 2] = one.id, entry_text(one.deliveries, 0, one.first, '', one.enqueued)
      end
    elseif outcome ~= 's' and one.kind == 'm' then
      local reason = 'duplicate ' .. firsts[i]
      call('ZADD', K.dead, time, one.id)
      call('HSET', K.letters, one.id, format('%s %s %s %d %s ', one.deliveries, one.deliveries, one.first, #reason, one.print)
        .. reason .. one.record)
    end
  end
  if #stored > 0 then forget_departure(stored) end
  if #keys > 0 then call('HSET', K.keys, unpack(keys)) end
  if #histories > 0 then call('HSET', K.receives, unpack(histories)) end
  if #sent > 0 then call('HSET', generation, unpack(sent)) end
end
