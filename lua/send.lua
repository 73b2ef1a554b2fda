-- send: store messages whose ids are fresh and make them receivable, now or after a delay.
--
-- KEYS   the partition's keys (see _prelude.lua); uses ready, messages, waiters, meta
-- ARGV 1 now       ms, 0 for the server's clock
--      2 ids       20 characters each, joined
--      3 delays    ms each, separated by spaces; '' for the queue's own delay
--      4 sizes     bytes of each payload, separated by spaces
--      5 payloads  kind, key and body of each message, joined
-- returns {'ok'}, or {code, ...} when refused
local now, ids, delays, sizes, payloads = unpack(ARGV)

local held, refusal = open(0, { 'delay' }) -- 0: a send frees nothing, so that a full memory refuses it
if not held then return refusal end
local time, usual = floor(clock(now) / 1000), tonumber(held.delay)
local each = delays ~= '' and numbers(delays)

local list, from = {}, 1
for i, size in ipairs(numbers(sizes)) do
  local n = #list
  list[n + 1] = sub(ids, 20 * i - 19, 20 * i)
  list[n + 2] = sub(payloads, from, from + size - 1)
  list[n + 3] = each and each[i] or usual
  from = from + size
end
store(time, list)
wake()
return { 'ok' }
