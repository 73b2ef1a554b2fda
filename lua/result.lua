-- result: the outcome of one message, by its id or its key; or register to be told.
--
-- KEYS   the partition's keys (see _prelude.lua); uses results, expiries, keys, recent, processed, dead, letters, meta
-- ARGV 1 now         ms, 0 for the server's clock
--      2 version     of the attributes, as the caller knows them; '' for any
--      3 id          20 characters; '' to look by key
--      4 mark_of_id  14 characters
--      5 key         22 characters; '' to look by id
--      6 wait        ms the caller will wait if there is no outcome yet; 0 to not be told
--      7 inbox       channel on which the caller is told
-- returns {'ok', state, value, id}, or {code, ...} when refused: state 'done' (value: the result), 'marked' (done, the
--   record is gone), 'dead' (value: the reason), 'pending', 'unknown'
local now, version, id, mark_of_id, key, wait, inbox = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, {
  'awaited', 'recent', 'recentCount', 'recentBefore', 'processed', 'processedCount', 'processedBefore',
})
if not held then return refusal end

local recorded
if key ~= '' then
  local record, pending = call('HGET', K.results, key), call('HGET', K.keys, key)
  if record then
    recorded = true
    id = sub(record, 1, 20)
  elseif pending then
    id = holder_of(pending)
  end
  local mark_of_key = sub(key, 1, MARK)
  if not record and marked(generations('processed', K.processed_a, K.processed_b, held), { mark_of_key })[mark_of_key] then
    return { 'ok', 'marked', '', id }
  end
end
if id == '' then return { 'ok', 'unknown', '', '' } end

local value = call('HGET', K.results, id)
if value or recorded then return { 'ok', 'done', value or '', id } end
local letter = call('HGET', K.letters, id)
if letter then
  local size, from = string.match(letter, '^%d+ %d+ %d+ (%d+) %S+ ()')
  return { 'ok', 'dead', sub(letter, from, from + size - 1), id }
end
if call('HEXISTS', K.messages, id) == 0 then
  local reason = string.match(call('HGET', K.results, '!' .. id) or '', '^d%d+ (.*)$')
  if reason then return { 'ok', 'dead', reason, id } end
  local done = mark_of_id ~= '' and marked(generations('recent', K.recent_a, K.recent_b, held), { mark_of_id })[mark_of_id]
  return { 'ok', done and 'marked' or 'unknown', '', id }
end
local until_ = time + wait
if wait ~= '0' then
  local told = call('HGET', K.results, '?' .. id) or ''
  call('HDEL', K.results, '?' .. id)
  call('HSET', K.results, '?' .. id, told == '' and inbox or string.find(told, inbox, 1, true) and told or told .. ' ' .. inbox)
  call('ZADD', K.expiries, until_, '?' .. id)
  if not held.awaited or tonumber(held.awaited) < until_ then call('HSET', K.meta, 'awaited', until_) end
  if until_ < tonumber(call('HGET', K.meta, 'tidyAt')) then call('HSET', K.meta, 'tidyAt', until_) end
end
return { 'ok', 'pending', '', id }
