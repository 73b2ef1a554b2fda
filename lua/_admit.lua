-- admit: is message `i` of a send with groups new, or what is known of it? By its deduplication id (`by`) first, then as `judge`.
-- returns an outcome as send_grouped answers it, the id that was first, and the sequence number that this one has
local function admit(seen, sent, time, i, id, print, by)
  if by then
    local text = seen.new['=' .. by] or sent[i]
    local first, number = string.match(text or '', '^%d+ (%S+) (%d+)$')
    if first then return first == id and 's' or 'e', first, tonumber(number) end
  end
  local outcome, first = judge(seen, time, i, id, print)
  return outcome, first, 0
end
