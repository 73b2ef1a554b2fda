-- sweep_groups: drop messages of groups that are older than the retention, at most 200 that wait and 100 in flight a call: a time
-- in `grouped` is never before the send, nor is a deadline, so a low one proves the age. `sweptTo`: no such time is lower, as far
-- as anybody has looked.
local function sweep_groups(now, held)
  local retention = tonumber(held.retention)
  if not retention or now < tonumber(held.sweptTo or 0) + retention then return end
  call('HDEL', K.meta, 'sweptTo') -- frees first, so that a full memory does not stop us
  local lines, found, dropped = {}, 0, 0

  -- Where messages of a group stand, by their ids; of a fair queue what waits is found by its time.
  local function standing_in(group)
    if lines[group] then return lines[group] end
    lines[group] = {}
    for _, place in ipairs(held.fifo and line_of(group, 500) or {}) do lines[group][sub(place, -20)] = place end
    return lines[group]
  end

  local function drop_old(zset, ids, times)
    local stale, places = {}, {}
    for i, record in ipairs(#ids > 0 and call('HMGET', K.messages, unpack(ids)) or {}) do
      local id, group = ids[i], record and group_of(record) or ''
      local place = group ~= '' and standing_in(group)[id] or not held.fifo and times and place_of(group, times[i], id)
      -- One that stands behind many in flight is left for later, so that no place is without a message.
      if place or not held.fifo then stale[#stale + 1], places[#places + 1] = id, place or nil end
      if not held.fifo and not times and group ~= '' and call('HINCRBY', K.tenants, group, -1) <= 0 then
        call('HDEL', K.tenants, group)
      end
    end
    found, dropped = found + #ids, dropped + #stale
    if #stale == 0 then return end
    call('ZREM', zset, unpack(stale))
    if #places > 0 then call('ZREM', K.order, unpack(places)) end
    forget(stale)
  end

  local before, ids, times = now - retention, {}, {}
  local old = call('ZRANGEBYSCORE', K.grouped, '-inf', before, 'WITHSCORES', 'LIMIT', 0, 200)
  for i = 1, #old, 2 do ids[#ids + 1], times[#times + 1] = old[i], tonumber(old[i + 1]) end
  drop_old(K.inflight, call('ZRANGEBYSCORE', K.inflight, '-inf', format('%.0f', before * 1000), 'LIMIT', 0, 100))
  drop_old(K.grouped, ids, times)
  if dropped > 0 then
    for group in pairs(lines) do rank(now, held, group) end
  end
  local head = call('ZRANGE', K.grouped, 0, 0, 'WITHSCORES')[2]
  local deadline = call('ZRANGE', K.inflight, 0, 0, 'WITHSCORES')[2]
  local to = math.min(tonumber(head or now), floor((deadline or now * 1000) / 1000), now)
  if found > 0 and dropped == 0 then to = before + 1000 end
  call('HSET', K.meta, 'sweptTo', format('%.0f', to))
end
