-- wake_all: all who wait here, up to 1,000, are told to look in a moment: what the partition goes by has changed. Said as a
-- time to look at, not as a wake-up: that would be passed on by a client that has no use for it.
local function wake_all()
  local inboxes = call('ZRANGE', K.waiters, 0, 999)
  if #inboxes > 0 then call('ZREMRANGEBYRANK', K.waiters, 0, #inboxes - 1) end
  for _, inbox in ipairs(inboxes) do call('PUBLISH', inbox, '1 ' .. K.ready) end
end
