-- take_fair: as `take`, of a queue some of whose messages carry a group: messages whose deadline has passed, then those of
-- quiet tenants and those without a group by the times at which they fell due, then those of noisy tenants, the one with
-- the fewest in flight first; of these at most request.each.
-- returns what `take_fifo` does
local function take_fair(now_us, request, visibility, held)
  local now, flags = floor(now_us / 1000), {}
  local found = tonumber(request.returning) > 0 and
    expired(now_us, math.min(tonumber(request.max), tonumber(request.returning)), tonumber(held.visibility)) or {}
  for i = 1, #found do flags[found[i].id] = 'r' end
  local room = math.min(request.max - #found, request.left)
  held.flying = call('ZCARD', K.inflight) + #found

  -- Up to `count` messages of a tenant that can be received now.
  local function serve(group, count)
    local ids, lines = {}, {}
    for _, line in ipairs(count > 0 and line_of(group, count) or {}) do
      if tonumber(sub(line, -36, -21)) > now then break end
      ids[#ids + 1], lines[#lines + 1] = sub(line, -20), line
    end
    if #ids > 0 then
      call('ZREM', K.grouped, unpack(ids))
      call('ZREM', K.order, unpack(lines))
      call('HINCRBY', K.tenants, group, #ids)
      for i, id in ipairs(ids) do found[#found + 1] = { id = id } end
      room, held.flying = room - #ids, held.flying + #ids
    end
    rank(now, held, group)
  end

  -- Noisy tenants that have become quiet.
  for _, group in ipairs(call('ZRANGEBYSCORE', K.noisy, '-inf', format('(%d', noisy_from(held)), 'LIMIT', 0, 8)) do
    rank(now, held, group)
  end
  for round = 1, 9 do
    if round == 9 then request.looked = false end -- there may be more
    if round == 9 or room <= 0 then break end
    local single = call('ZRANGEBYSCORE', K.ready, '-inf', now, 'WITHSCORES', 'LIMIT', 0, room)
    local groups = call('ZRANGEBYSCORE', K.groups, '-inf', now, 'WITHSCORES', 'LIMIT', 0, room)
    if #single + #groups == 0 and room > tonumber(request.each) then room, request.looked = tonumber(request.each), true end
    local noisy = #single + #groups == 0 and room > 0 and call('ZRANGE', K.noisy, 0, room - 1) or {}
    if #single + #groups + #noisy == 0 then break end
    local taken, i, aside, share = {}, 1, false, math.max(floor(room / math.max(#single + #groups, 2) * 2), 1)
    for g = 1, #groups, 2 do
      while single[i] and room > #taken and tonumber(single[i + 1]) <= tonumber(groups[g + 1]) do
        taken[#taken + 1], i = single[i], i + 2
      end
      -- A tenant that is noisy by now stands aside, once it is ranked; another may come in its place.
      local quota = math.max(noisy_from(held) - tonumber(call('HGET', K.tenants, groups[g]) or 0), 0)
      aside = aside or quota == 0
      if room > #taken then serve(groups[g], math.min(share, quota, room - #taken)) end
    end
    while single[i] and room > #taken and not aside do taken[#taken + 1], i = single[i], i + 2 end
    if #taken > 0 then
      call('ZREM', K.ready, unpack(taken))
      for _, id in ipairs(taken) do found[#found + 1] = { id = id } end
      room, held.flying = room - #taken, held.flying + #taken
    end
    local part = math.ceil(room / math.max(#noisy, 1))
    for _, group in ipairs(noisy) do
      if room > 0 then serve(group, math.min(part, room)) end
    end
  end
  return hand_out_fair(now_us, found, flags, visibility, held, request)
end
