// Another small user of the packed package, whose handler runs in a thread of its own.
import { connect, Worker } from 'boomerang-mq'

async function main(url: string, namespace: string, handler: string): Promise<void> {
  const client = await connect(url, { namespace })
  const greetings = client.queue<{ text: string; at: Date }, string>('isolated')
  const worker = new Worker(greetings, handler, { isolate: { resourceLimits: { maxOldGenerationSizeMb: 64 } } })
  await worker.start()
  const sent = await greetings.send({ text: 'hello', at: new Date(7) })
  console.log(await greetings.result(sent, { timeout: '20s' }))
  await worker.stop()
  await client.queues.remove('isolated')
  await client.close()
}

main(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? '').catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
