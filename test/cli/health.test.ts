// What a worker answers to those who watch over it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Program } from '../harness/programs.ts'
import { startProxy } from '../harness/proxy.ts'
import { redisUrl } from '../harness/stores.ts'
import { aShell, HANDLERS, press } from './shell.ts'

const shell = aShell()

async function watched(
  ...args: string[]
): Promise<{ worker: Program; ask: (path: string) => Promise<{ status: number; body: object }> }> {
  const worker = shell.start(['work', HANDLERS, '--queue', 'tasks', '--health-port', '0', ...args])
  const [, url] = /(http:\S+)\/healthz/.exec(await worker.line('/healthz')) as unknown as [string, string]
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)
  const ask = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers: { connection: 'close' } })
    expect(response.headers.get('content-type')).toBe('application/json')
    return { status: response.status, body: (await response.json()) as object }
  }
  return { worker, ask }
}

test('a worker is alive and ready while it works, and alive while it stops', async () => {
  const { worker, ask } = await watched()
  await worker.line('working')
  await shell.client.queue('tasks').send('ignore')
  await worker.line('handler: ignore')
  const numbers = { lastAnswerAge: expect.any(Number), inFlight: 1, ahead: 0 }
  expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'alive', running: true, ...numbers } })
  expect(await ask('/readyz')).toEqual({ status: 200, body: { status: 'ready', running: true, ...numbers } })
  expect(await ask('/metrics')).toMatchObject({ status: 404, body: { paths: ['/healthz', '/readyz'] } })
  worker.kill('SIGTERM')
  await worker.line('stopping')
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'not ready', running: false } })
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } })
})

test('a worker that Redis does not answer is alive no more, until it does again', async () => {
  await using proxy = await startProxy(redisUrl())
  const { worker, ask } = await watched('--redis', proxy.url, '--health-max-age', '2s')
  await worker.line('working')
  proxy.refuse = true
  proxy.cut()
  await worker.line(/away +Redis is away/)
  await expect.poll(() => ask('/healthz')).toMatchObject({ status: 503, body: { status: 'stale' } })
  proxy.refuse = false
  await worker.line('connected to Redis again')
  // Each message has Redis answer anew.
  const askAtWork = async () => {
    await shell.client.queue('tasks').send('return')
    return ask('/healthz')
  }
  await expect.poll(askAtWork).toMatchObject({ status: 200 })
  await worker.line('completed')
  expect(worker.lines.filter((line) => line.includes('Redis is away'))).toHaveLength(1)
})

test('several processes are ready when all are, and not alive when one stands still', async () => {
  const { worker, ask } = await watched('--processes', '2')
  await expect.poll(() => ask('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
  expect(await ask('/healthz')).toMatchObject({
    status: 200,
    body: { processes: [{ running: true }, { running: true }] },
  })
  await shell.client.queue('tasks').send('block')
  await worker.line('handler: block')
  await expect.poll(() => ask('/healthz')).toMatchObject({ status: 503 })
  await press(worker, 'SIGTERM')
})

test('a port that is taken is refused', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await expect.poll(() => server.listening).toBe(true)
  const { port } = server.address() as AddressInfo
  const ran = await shell.run('work', HANDLERS, '--health-port', String(port))
  server.close()
  expect(ran).toMatchObject({
    code: 1,
    errors: `boomerang: cannot answer health requests on 127.0.0.1:${port}: EADDRINUSE`,
  })
})
