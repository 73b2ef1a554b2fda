-- claim: claim the idempotency keys that a worker has derived, before the handlers start; or prolong the claims.
--
-- KEYS   the key's partition (see _prelude.lua); uses keys, processed:a, processed:b, meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 ids     of the messages that claim, 20 characters each, joined
--      4 claims  their keys, 22 characters each, joined
--      5 lease   ms for which the claims hold
--      6 stay    '1' where the partition is a former home of these keys: what is free is not granted here
-- returns {'ok', outcomes, 'ms ms ...'}, or {code, ...} when refused: a letter for each: 'g' granted, 'd' done before,
--   'h' held by another message, in the list for how long at most,
--   'v' moved: free here, and to be claimed elsewhere
local now, version, ids, claims, lease, stay = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, { pair_fields('processed') })
if not held then return refusal end

local names, wanted, marks = split(ids, 20), split(claims, 22), {}
for i, key in ipairs(wanted) do marks[i] = sub(key, 1, MARK) end
local done, present = marked(generations('processed', K.processed_a, K.processed_b, held), marks), call('HMGET', K.keys, unpack(wanted))
local until_ = format('%013.0f', time + lease)
local outcomes, waits, freed, taken, holders = {}, {}, {}, {}, {}
for i, id in ipairs(names) do
  local key = wanted[i]
  local text = holders[key] or present[i]
  local claimed = text and sub(text, 1, 1) == 'c'
  local holder = text and holder_of(text)
  local left = claimed and tonumber(sub(text, 2, 14)) - time or tonumber(lease)
  waits[i] = '0'
  if done[marks[i]] then
    outcomes[i] = 'd'
    -- A claim that outlived its work: another message did the same work when its own claim had lapsed.
    if claimed and (holder == id or left <= 0) then freed[#freed + 1] = key end
  elseif stay == '1' and (not text or left <= 0) then
    outcomes[i] = 'v'
    if text then freed[#freed + 1] = key end
  elseif text and holder ~= id and left > 0 then
    outcomes[i], waits[i] = 'h', format('%.0f', left)
  else
    outcomes[i] = 'g'
    if not text or claimed then
      holders[key] = 'c' .. until_ .. id
      freed[#freed + 1] = key
      taken[#taken + 1], taken[#taken + 2] = key, holders[key]
    end
  end
end
if #freed > 0 then call('HDEL', K.keys, unpack(freed)) end
if #taken > 0 then call('HSET', K.keys, unpack(taken)) end
return { 'ok', table.concat(outcomes), table.concat(waits, ' ') }
