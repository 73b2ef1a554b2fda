-- work: settle completed messages and receive the next ones, in one step: the steady state of a worker.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now             ms, 0 for the server's clock
--      2 version         of the attributes, as the caller knows them; '' for any
--      3 done_ids        the completed messages, 20 characters each, joined
--      4 deliveries      the delivery numbers of their receipts, separated by spaces; '' when all are 1
--      5 marks           of the ids, 14 characters each, joined
--      6 done_keys       '' or 22 characters for each, joined; blank where there is none
--      7 result_indexes  which of them (from 1) have a result, separated by spaces
--      8 result_sizes    bytes of each result, separated by spaces
--      9 done_results    joined
--     10 max             count
--     11 returning       count: of these, how many may be messages whose deadline has passed
--     12 visibility      ms; '' for the queue's own
--     13 wait            ms the caller will wait if nothing comes; 0 to not be woken
--     14 inbox           channel on which the caller is woken
--     15 client          who receives
--     16 attempt         number of this receive; a repeat after a lost reply carries the same
--     17 again           '1' for such a repeat
--     18 sends           '' or follow-ups of the completed messages (see _follow.lua)
--     19 payloads        their records, joined
-- returns {'ok', outcomes, ids, histories, 'fence receivedAt visibility due returned over outbox', {message, ...}}, or {code, ...} when refused:
--   outcomes '' when all are done, else a letter for each: 'd' done, 'l' lost; the rest as `receive`
local now, version, done_ids, deliveries, marks, done_keys, result_indexes, result_sizes, done_results,
  max, returning, visibility, wait, inbox, client, attempt, again, sends, payloads = unpack(ARGV)

local now_us, outcomes = clock(now), ''
local fields = max == '0' and sends == '' and { -- a completion alone does with less
  'recent', 'recentCount', 'processed', 'processedCount', 'resultTtl', 'awaited', 'fair',
} or {
  'recent', 'recentCount', 'processed', 'processedCount', 'resultTtl', 'awaited',
  'visibility', 'maxReceives', 'fence', 'paused', 'retention', 'maxInFlight', 'fair', 'late', 'outboxAt',
}
local held, refusal = open(floor(now_us / 1000), version, fields)
if not held then return refusal end
if held.fair then return { 'Grouped' } end
if done_ids ~= '' then
  outcomes = settle(now_us, {
    ids = done_ids, deliveries = deliveries, marks = marks, keys = done_keys,
    result_indexes = result_indexes, result_sizes = result_sizes, results = done_results, sends = sends, payloads = payloads,
  }, held)
end
if max == '0' then return { 'ok', outcomes } end
return { 'ok', outcomes, deliver(now_us, {
  max = max, returning = returning, visibility = visibility, wait = wait, inbox = inbox,
  client = client, attempt = attempt, again = again,
}, held, PLAIN) }
