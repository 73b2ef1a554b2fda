-- wake: tell one waiting client that there is something to receive here.
-- A client that has died is passed over, except on a cluster, where PUBLISH counts only the subscribers of this node.
local function wake()
  for _ = 1, 8 do
    local inbox = call('ZPOPMIN', waiters)[1]
    if not inbox or call('PUBLISH', inbox, '0 ' .. ready) > 0 or sub(inbox, -8) == '@cluster' then return end
  end
end
