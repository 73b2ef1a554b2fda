// A client that closes while its cluster does not answer lets its process end.
import { expect, test } from 'vitest'
import { startCluster } from '../harness/cluster.ts'
import { startProgram } from '../harness/programs.ts'

// Seen first in `npm run chaos -- --only cluster-failover --seed 729901085`, where a producer did not end.
test('a cluster can be left while nobody says who has which slots', async () => {
  await using cluster = await startCluster(3)
  await using program = startProgram(import.meta.resolve('./leaving-process.ts'), {
    args: [JSON.stringify(cluster.nodes)],
  })
  await program.line('connected')
  for (const server of cluster.servers) await server.kill('SIGSTOP')
  await program.line('closed')
  for (const server of cluster.servers) await server.kill('SIGCONT')
  expect(await program.ended).toEqual({ code: 0, signal: null })
}, 60_000)
