-- wake: tell one waiting client that there is something to receive here; and the next to look in a second, in case the
-- first has died, stands still, or was woken by a cluster that cannot say so.
local SECOND_LOOK = 1000

local function wake(now)
  local found = call('ZPOPMIN', K.waiters)
  for _ = 1, 8 do
    local inbox = found[1]
    if not inbox then return end
    if call('PUBLISH', inbox, '0 ' .. K.ready) > 0 or sub(inbox, -8) == '@cluster' then break end
    found = call('ZPOPMIN', K.waiters)
  end
  local second = call('ZRANGE', K.waiters, 0, 0, 'WITHSCORES')
  if second[1] and tonumber(second[2]) > now + SECOND_LOOK then
    call('ZADD', K.waiters, now + SECOND_LOOK, second[1])
    call('PUBLISH', second[1], format('%d ', SECOND_LOOK) .. K.ready)
  end
end
