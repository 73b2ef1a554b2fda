-- heads: FIFO groups that can be received from, those that could be for longest first: up to `back` whose head has passed its
-- deadline, and up to `fresh` whose head waits.
local function heads(now_us, back, fresh)
  local function due(zset, limit)
    return limit > 0 and call('ZRANGEBYSCORE', zset, '-inf', format('%.4f', now_us / 1000), 'WITHSCORES', 'LIMIT', 0, limit) or {}
  end
  local aside, ahead, list, a, b = due(K.noisy, back), due(K.groups, fresh), {}, 1, 1
  while aside[a] or ahead[b] do
    if not ahead[b] or aside[a] and tonumber(aside[a + 1]) <= tonumber(ahead[b + 1]) then
      list[#list + 1], a = aside[a], a + 2
    else
      list[#list + 1], b = ahead[b], b + 2
    end
  end
  return list
end
