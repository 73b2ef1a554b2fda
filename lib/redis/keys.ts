/** The parts of a partition, in the order in which scripts take them as KEYS (lua/_prelude.lua): each as far as the last that it names. */
export const PARTS = [
  'ready',
  'inflight',
  'messages',
  'receives',
  'keys',
  'results',
  'expiries',
  'processed:a',
  'processed:b',
  'recent:a',
  'recent:b',
  'dead',
  'letters',
  'waiters',
  'meta',
  'outbox',
  'grouped',
  'order',
  'groups',
  'noisy',
  'tenants',
  'sent:a',
  'sent:b',
  'inbound',
] as const

/** The keys below one hash tag, in the order of PARTS. */
export function keysOf(tag: string): string[] {
  return PARTS.map((part) => `boomerang:{${tag}}:${part}`)
}

/** The tag of a partition: `place` is its number and the suffix that decides its slot. */
export const partitionTag = (namespace: string, queue: string, place: string) => `${namespace}/${queue}:${place}`
/** The tag of a queue's home, which holds its attributes and the places of its partitions. */
export const homeTag = (namespace: string, queue: string) => `${namespace}/${queue}`
/** The tag of a namespace's home, which holds the list of its queues. */
export const namespaceTag = (namespace: string) => namespace
/** The channel on which a client is woken. On a cluster it says so: there PUBLISH cannot count its readers. */
export const inboxOf = (client: string, cluster: boolean) => `boomerang:inbox:${client}${cluster ? '@cluster' : ''}`
