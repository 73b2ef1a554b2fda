-- unclaim: end claims on derived idempotency keys: with a mark when the work is done, without one when it is not.
--
-- KEYS   the key's partition (see _prelude.lua); uses keys, processed:a, processed:b, meta
-- ARGV 1 now      ms, 0 for the server's clock
--      2 version  of the attributes, as the caller knows them; '' for any
--      3 ids     of the messages that hold the claims, 20 characters each, joined
--      4 claims  their keys, 22 characters each, joined
--      5 done    a letter for each: 'y' the work is done, 'n' it is not
--      6 sends     '' or follow-ups of the work that is done (see _follow.lua)
--      7 payloads  their records, joined
-- returns {'ok', outcomes}, or {code, ...} when refused: a letter for each: 'e' ended, 'm' the key is done
--   already, by this message before or by another, 'l' lost to another message
local now, version, ids, claims, done, sends, payloads = unpack(ARGV)

local time = floor(clock(now) / 1000)
local held, refusal = open(time, version, { pair_fields('processed') })
if not held then return refusal end

local names, wanted, outcomes, ended, marks, accepted = split(ids, 20), split(claims, 22), {}, {}, {}, {}
for i, text in ipairs(call('HMGET', K.keys, unpack(wanted))) do
  outcomes[i] = 'l'
  if text and sub(text, 15) == names[i] then
    outcomes[i], accepted[i] = 'e', true
    ended[#ended + 1] = wanted[i]
    if sub(done, i, i) == 'y' then marks[#marks + 1] = sub(wanted[i], 1, MARK) end
  elseif not text and sub(done, i, i) == 'y' then
    local own = sub(wanted[i], 1, MARK)
    if marked(generations('processed', K.processed_a, K.processed_b, held), { own })[own] then outcomes[i] = 'm' end
  end
end
if #ended > 0 then
  call('HDEL', K.keys, unpack(ended))
  if #marks > 0 then
    mark(held.processed == 'b' and K.processed_b or K.processed_a, tonumber(held.processedCount), marks)
    call('HINCRBY', K.meta, 'processedCount', #marks)
  end
  if sends ~= '' then follow(time, sends, payloads, accepted, held) end
end
return { 'ok', table.concat(outcomes) }
