// Run by left-cluster.test.ts: connects to a cluster, and closes while it asks who has which slots. Then nothing keeps it alive.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from 'ioredis'
import { connect } from '../../lib/index.ts'

const client = await connect({ nodes: JSON.parse(process.argv[2] as string) })
await client.queue('left').send('x')
console.log('connected')
const cluster = client.shared.connection.redis as Cluster
while (!cluster['isRefreshing']) await sleep(5)
await client.close()
console.log('closed')
