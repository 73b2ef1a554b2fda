// What cannot be said in SQS's words, by name, each with the reason. docs/testing.md shows these tables (a test compares).
// A sentence that needs one of the first says so where it stands, `needs('fences').test(…)`, and does not run through the endpoint.
export const BEYOND_SQS = {
  values: 'a body is text of at least one character, and of those that XML has: no values, no bytes',
  options: 'the library checks its own options, before anything is sent and by names and forms that SQS does not have',
  functions: 'attributes are set to what a call says, not to what becomes of what they are',
  keys: 'a send has no idempotency key, and chooses neither its id nor its sender',
  results: 'a handler answers nothing, and nobody awaits what became of a message',
  lostReceipts: 'to delete what others hold by now, or what has died, is no failure',
  attempts: 'every delivery counts: none is given back as if it had not been',
  fences: 'a delivery has no number but its receipt',
  release: 'who gives a message back for later only hides it: until then it counts as in flight',
  reasons: 'a dead letter says where it died, not when and why; and its count of receives is all that it has',
  looks: 'messages are not seen but by those who receive them',
  counts: 'a purge does not say how many messages there were',
  filters: 'a task moves all that it finds: no filter, no limit, no dry run',
  handles: 'a handle of an SDK holds on to nothing: what one does that knew the queue is the server’s to do',
} as const

export type BeyondSqs = keyof typeof BEYOND_SQS

/** Files of sentences of which none runs through the endpoint, by their names without `.test.ts`. */
export const NOT_OVER_SQS: Record<string, string> = {
  'client-checks': 'what the library checks before it sends anything; test/sqs and test/http have the checks of SQS',
  connecting: 'connections of the library',
  'dead-letters': 'dead letters that stay in their queue: SQS has none without a dead-letter queue',
  'follow-ups': 'messages that are sent by a completion',
  forwarding: 'how the library forwards, from within',
  handles: 'what a client of the library holds on to',
  idempotency: 'idempotency keys',
  'joined-receives': 'what the library does with receives that meet; test/http lets clients hang up on them',
  'moved-homes': 'partitions whose number changes, looked at from within',
  'moved-keys': 'idempotency keys, where the number of partitions changes',
  network: 'a broken network between the library and Redis; test/http breaks the one before the server',
  'ordered-sends': 'sends of one process that nobody awaits: over HTTP each is a request of its own',
  partitions: 'partitions, and what they cost',
  redrive: 'dead letters that stay in their queue, where the number of partitions changes',
  'refused-servers': 'servers that the library refuses',
  refused: 'texts that the library’s scripts answer',
  removal: 'a removal whose process dies on the way, looked at from within',
  repartition: 'partitions whose number changes',
  results: 'results',
  schema: 'schemas of bodies, which the library checks',
  'sequence-numbers': 'partitions whose number changes, looked at from within',
}
