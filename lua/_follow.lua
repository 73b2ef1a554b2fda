-- follow: put the follow-ups of what is done into the outbox. `sends` has for each a line '<which, from 1> <queue> <id> <delay>
-- <print> <bytes> <dedup>', `payloads` their records, joined; `accepted` says which are done.
local function follow(now, sends, payloads, accepted, held)
  local list, from = {}, 1
  for which, to, id, delay, print, size, dedup in string.gmatch(sends, '(%d+) (%S+) (%S+) (%S+) (%S+) (%d+) (%S+)\n') do
    if accepted[tonumber(which)] then
      list[#list + 1] = { to = to, kind = 'f', id = id, delay = delay, print = print, dedup = dedup,
        record = sub(payloads, from, from + size - 1) }
    end
    from = from + size
  end
  if #list > 0 then post(now, list, held) end
end
