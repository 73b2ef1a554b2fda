-- work: settle completed messages and receive the next ones, in one step: the steady state of a worker.
--
-- KEYS   the partition's keys (see _prelude.lua)
-- ARGV 1 now             ms, 0 for the server's clock
--      2 done_ids        the completed messages, 20 characters each, joined
--      3 deliveries      the delivery numbers of their receipts, separated by spaces; '' when all are 1
--      4 marks           of the ids, 14 characters each, joined
--      5 done_keys       '' or 22 characters for each, joined; blank where there is none
--      6 result_indexes  which of them (from 1) have a result, separated by spaces
--      7 result_sizes    bytes of each result, separated by spaces
--      8 done_results    joined
--      9 max             count
--     10 returning       count: of these, how many may be messages whose deadline has passed
--     11 visibility      ms; '' for the queue's own
--     12 wait            ms the caller will wait if nothing comes; 0 to not be woken
--     13 inbox           channel on which the caller is woken
--     14 client          who receives
--     15 attempt         number of this receive; a repeat after a lost reply carries the same
--     16 again           '1' for such a repeat
-- returns {'ok', outcomes, ids, histories, 'fence receivedAt visibility due returned', {message, ...}}, or {code, ...} when refused:
--   outcomes '' when all are done, else a letter for each: 'd' done, 'l' lost; the rest as `receive`
local now, done_ids, deliveries, marks, done_keys, result_indexes, result_sizes, done_results,
  max, returning, visibility, wait, inbox, client, attempt, again = unpack(ARGV)

local now_us, outcomes = clock(now), ''
local held, refusal = open(floor(now_us / 1000), {
  'recent', 'recentCount', 'processed', 'processedCount', 'resultTtl', 'awaited',
  'visibility', 'maxReceives', 'fence', 'paused',
})
if not held then return refusal end
if done_ids ~= '' then
  outcomes = settle(floor(now_us / 1000), {
    ids = done_ids, deliveries = deliveries, marks = marks, keys = done_keys,
    result_indexes = result_indexes, result_sizes = result_sizes, results = done_results,
  }, held)
end
if max == '0' then return { 'ok', outcomes } end
return { 'ok', outcomes, deliver(now_us, {
  max = max, returning = returning, visibility = visibility, wait = wait, inbox = inbox,
  client = client, attempt = attempt, again = again,
}, held) }
