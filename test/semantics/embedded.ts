// What the embedded store (`memory:`) cannot do, by name, each with the reason. docs/testing.md shows this table (a test
// compares), and sentences that do not run there name their line of it.
export const NOT_EMBEDDED = {
  connections: 'there is no connection: none can break, stand still, lose replies or be refused',
  processes: 'it lives in one process: no other sees it, and a part of a process cannot be killed or frozen',
  cluster: 'it is one store: no nodes, no slots; partitions are beside each other in it',
  servers:
    'there is no server: no restart, no replica, no persistence, no limit of memory, no eviction policy, no version',
  scripts: 'each call brings its script along: there is none that could be forgotten',
  speed:
    'its Lua is interpreted in JavaScript, some tens to hundreds of scripts a second: too slow for very many messages and for very short deadlines',
} as const

export type NotEmbedded = keyof typeof NOT_EMBEDDED

/** Files of these suites that run on one Redis only, each with the reason; docs/testing.md shows this table too. */
export const ONE_REDIS = {
  'test/semantics/connecting.test.ts':
    'connects to servers and proxies of its own, with other settings, and counts their connections',
  'test/semantics/network.test.ts': 'breaks the network in a proxy: it is the client that is tested',
  'test/semantics/refused-servers.test.ts': 'refuses servers: their versions and settings are made up',
  'test/workers/executor.test.ts': 'the order of its steps, without a server',
  'test/workers/pace.test.ts': 'a calculation, without a server',
  'test/workers/round-trips.test.ts': 'counts the commands of a server that nobody else uses',
  'test/sqs/recorded.test.ts': 'texts of refusals, which are made before or after the store is asked',
} as const
