// A small user of the packed package; package.test.ts installs, checks, bundles and runs it.
import { BoomerangError, connect, Worker } from 'boomerang-mq'

interface Greeting {
  text: string
}

async function main(url: string, namespace: string): Promise<void> {
  const client = await connect(url, { namespace })
  const greetings = client.queue<Greeting, number>('greetings')
  const { id } = await greetings.send({ text: 'hello' }, { idempotencyKey: 'first' })
  const worker = new Worker(greetings, async (message, { signal }) => {
    signal.throwIfAborted()
    console.log(`received ${message.body.text}`)
    return message.body.text.length
  })
  await worker.start()
  const length: number = await greetings.result({ idempotencyKey: 'first' }, { timeout: '20s' })
  if (length !== 5 || id === undefined) throw new Error(`got ${length} for ${id}`)
  await worker.stop()
  await client.queues.remove('greetings')
  await client.close()
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
  console.error(error instanceof BoomerangError ? error.code : error)
  process.exit(1)
})
