-- addressed: give entries of the outbox their places in another queue: partition numbers. Those for one place are numbered
-- one after another; the numbers rise with the server's clock, so that a queue that was made anew has no old one.
-- `list` holds for each the entry as it is, what it says from its second number on, and the place.
local function addressed(now_us, queue, list)
  local old, new, last = {}, {}, {}
  for i = 1, #list, 3 do
    local place = list[i + 2]
    local field = 'sent:' .. queue .. ':' .. place
    last[field] = math.max((last[field] or tonumber(call('HGET', K.meta, field) or 0)) + 1, floor(now_us))
    old[#old + 1] = list[i]
    new[#new + 1], new[#new + 2] = 0, format('a %s %04d %016.0f ', queue, place, last[field]) .. list[i + 1]
  end
  if #old == 0 then return end
  call('ZREM', K.outbox, unpack(old))
  call('ZADD', K.outbox, unpack(new))
  for field, number in pairs(last) do call('HSET', K.meta, field, format('%.0f', number)) end
end
