-- announce: messages have become receivable, the first of them after `delay` ms.
local function announce(now, delay)
  if delay > 0 then foretell(now * 1000, (now + delay - 1) * 1000) else wake(now) end
end
