-- available: whether a FIFO group can be received from now; not where its head is in flight, or delayed.
local function available(group, time)
  local since = call('ZSCORE', K.groups, group) or call('ZSCORE', K.noisy, group)
  return since and tonumber(since) <= time or false
end
