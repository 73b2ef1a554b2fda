-- Groups: a message that carries a group waits in `grouped` (id -> ms), and its place is in `order`, where the places of a
-- group stand together, in order: '<group> <number, 16 digits><id>'. See docs/groups.md.
local function place_of(group, number, id) return format('%s %016.0f', group, number) .. id end

local function line_of(group, limit)
  return call('ZRANGEBYLEX', K.order, '[' .. group .. ' ', '(' .. group .. '!', 'LIMIT', 0, limit)
end

-- noisy_from: how many messages in flight make a tenant noisy. held.flying: how many are in flight in all, where that is known.
local function noisy_from(held)
  local all = held.flying or call('ZCARD', K.inflight)
  return math.max(tonumber(held.noisyInFlight or 30), floor(tonumber(held.noisyShare or 100) * all / 1000) + 1)
end

-- rank: note from when on (ms) messages of a group can be received, now that its line has changed: only its head matters.
-- Groups stand in `groups` by that time; but in `noisy` stand FIFO groups whose head is in flight, by its deadline (ms), and
-- fair tenants that are noisy and have something to receive, by how many of their messages are in flight.
-- returns that time; nothing when no message is left
local function rank(now, held, group)
  local head, at, aside = line_of(group, 1)[1], nil, nil
  if head then
    at = call('ZSCORE', K.grouped, sub(head, -20))
    local deadline = not at and held.fifo and call('ZSCORE', K.inflight, sub(head, -20))
    if deadline then
      aside = deadline / 1000 -- a fraction: it is no later than the deadline, and no sooner
    elseif not at then -- of no message that there is
      call('ZREM', K.order, head)
      return rank(now, held, group)
    elseif not held.fifo and tonumber(at) <= now then
      local flying = tonumber(call('HGET', K.tenants, group) or 0)
      if flying >= noisy_from(held) then aside = flying end
    end
  end
  if not at and not aside then
    call('ZREM', K.groups, group)
    call('ZREM', K.noisy, group)
    return
  end
  call('ZREM', aside and K.groups or K.noisy, group) -- frees first, so that a full memory does not stop us
  call('ZADD', aside and K.noisy or K.groups, aside or at, group)
  return at and tonumber(at) or math.ceil(aside)
end
