-- outbox: take charge of the partition's outbox, for a time in which nobody else forwards from it; or end that.
--
-- KEYS   the partition's keys (see _prelude.lua); uses outbox, meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 client   who forwards
--      4 lease    ms
--      5 cursor   '' to begin, else as the last page gave it
-- returns {'ok', {queue, ...}, cursor}: for which there is something, at most 100 of them, '' when that is all; none when another is
--   in charge or there is nothing; or {code, ...} when refused
local now, version, client, lease, cursor = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, { 'outboxAt', 'outboxBy' })
if not held then return refusal end
if not held.outboxAt then return { 'ok', {}, '' } end
if held.outboxBy and held.outboxBy ~= client and tonumber(held.outboxAt) > time then return { 'ok', {}, '' } end

call('HDEL', K.meta, 'outboxBy')
local queues, seen, from = {}, {}, cursor == '' and '-' or '(' .. cursor .. '!'
while #queues < 100 do
  local entry_ = call('ZRANGEBYLEX', K.outbox, from, '+', 'LIMIT', 0, 1)[1]
  local kind, queue = string.match(entry_ or '', '^(%l) (%S+) ')
  if not kind then
    cursor = ''
    break
  end
  if not seen[queue] then queues[#queues + 1] = queue end
  cursor = kind .. ' ' .. queue
  seen[queue], from = true, '(' .. cursor .. '!'
end
if #queues == 0 and from == '-' then
  call('HDEL', K.meta, 'outboxAt')
else
  call('HSET', K.meta, 'outboxAt', time + lease, 'outboxBy', client)
end
return { 'ok', queues, cursor }
