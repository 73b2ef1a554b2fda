-- errands: queues at which somebody has to look from time to time, for what no call of a user's would find: messages that wait to
-- be forwarded, tasks that nobody runs any more.
--
-- KEYS   the keys of the namespace's home, by the same names as a partition's (see _prelude.lua); uses ready (the errands, by
--        when they are due), inflight (by when they were last added)
-- ARGV 1 now     ms, 0 for the server's clock
--      2 verb    'add'; 'remove', unless it was added just now: what is to be found there may not be there yet; or 'take'
--                those that are due, at most 100
--      3 errand  '<what> <queue>'; '' for 'take'
--      4 period  ms from one look to the next
-- returns {'ok', {errand, ...}}: those taken: they are due again after the period
local now, verb, errand, period = unpack(ARGV)

-- Who has added an errand has so long to do what is to be looked for, ms.
local KEEP = 600000

local time = floor(clock(now) / 1000)
if verb == 'remove' and time > tonumber(call('ZSCORE', K.inflight, errand) or 0) + KEEP then
  call('ZREM', K.ready, errand)
  call('ZREM', K.inflight, errand)
end
if verb == 'add' then
  call('ZADD', K.ready, 'NX', time + period, errand)
  call('ZADD', K.inflight, time, errand)
end
if verb ~= 'take' then return { 'ok', {} } end
local due = call('ZRANGEBYSCORE', K.ready, '-inf', time, 'LIMIT', 0, 100)
if #due == 0 then return { 'ok', {} } end
call('ZREM', K.ready, unpack(due))
for _, one in ipairs(due) do call('ZADD', K.ready, time + period, one) end
return { 'ok', due }
