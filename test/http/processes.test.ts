// `boomerang serve` as people run it: processes, signals, files.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQS } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aShell } from '../cli/shell.ts'
import type { Program } from '../harness/programs.ts'
import { waiting } from '../semantics/waits.ts'
import { post, raw } from './raw.ts'
import { CREDENTIALS } from './serving.ts'

const shell = aShell()
let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'boomerang-serve-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A server that listens, and where. */
async function serve(...args: string[]): Promise<{ program: Program; line: string; url: string; port: number }> {
  return serveIn({}, ...args)
}

async function serveIn(env: Record<string, string>, ...args: string[]) {
  const program = shell.start(['serve', '--port', '0', ...args], { env })
  const line = await program.line('SQS on')
  const [url = ''] = /https?:\/\/[^\s:]+:\d+/.exec(line) ?? []
  return { program, line, url, port: Number(new URL(url).port) }
}

function sdk(endpoint: string, credentials = CREDENTIALS, more: object = {}): SQS {
  return new SQS({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, ...more })
}

test('a server says where it is and that it takes any key, and stops well', async () => {
  const { program, line, url } = await serve()
  expect(line).toMatch(
    /SQS on http:\/\/127\.0\.0\.1:\d+ \(account t\w+, redis:\/\/\S+\): any key is accepted, no policies$/,
  )
  const client = sdk(url)
  const { QueueUrl } = await client.createQueue({ QueueName: 'videos' })
  const poll = client.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 })
  const answered = expect(poll).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
  const videos = shell.client.queue('videos')
  await videos.stats()
  await waiting(videos, 1)
  program.kill('SIGTERM')
  await answered
  expect(await program.ended).toEqual({ code: 0, signal: null })
  client.destroy()
})

test('a server that is stopped under load has every message that it has confirmed, and hides none', async () => {
  const { program, url } = await serve('--processes', '2')
  await bothListen(program)
  const client = sdk(url)
  const { QueueUrl } = await client.createQueue({ QueueName: 'videos' })
  const confirmed = new Set<string>()
  const load = async (worker: number) => {
    for (let number = 0; ; number++) {
      const MessageBody = `${worker}-${number}`
      try {
        await client.sendMessage({ QueueUrl, MessageBody })
        confirmed.add(MessageBody)
      } catch {
        return
      }
    }
  }
  await client.createQueue({ QueueName: 'empty' })
  const waits = Array.from({ length: 5 }, () =>
    client.receiveMessage({ QueueUrl: QueueUrl?.replace('videos', 'empty'), WaitTimeSeconds: 20 }),
  )
  const loads = Array.from({ length: 10 }, (_, worker) => load(worker))
  await expect.poll(() => confirmed.size).toBeGreaterThan(100)
  program.kill('SIGTERM')
  await Promise.all([...loads, Promise.allSettled(waits)])
  expect(await program.ended).toEqual({ code: 0, signal: null })
  const queue = await shell.client.queues.get('videos')
  const found = new Set<unknown>()
  for (;;) {
    const messages = await queue.receive({ max: 500 })
    if (messages.length === 0) break
    for (const { body } of messages) found.add(body)
  }
  expect([...confirmed].filter((body) => !found.has(body))).toEqual([])
  client.destroy()
})

test('a second signal ends it at once', async () => {
  const { program, port } = await serve()
  // A request whose body never comes keeps the server.
  using client = await raw(port)
  client.say(post('', ['Expect: 100-continue']).replace('Content-Length: 0', 'Content-Length: 5'))
  await client.answer()
  program.kill('SIGTERM')
  await program.line('stopping')
  const again = setInterval(() => program.kill('SIGTERM'), 100)
  expect(await program.ended).toEqual({ code: 5, signal: null })
  clearInterval(again)
})

test.for([
  [['--host', '0.0.0.0'], /0\.0\.0\.0 can be reached from other machines, so a server there needs accounts/],
  [['--cert', 'x.pem'], /--cert and --key are given both or not at all/],
  [['--cert', 'x.pem', '--key', 'x.pem'], /cannot read x\.pem: ENOENT/],
  [['--config', 'missing.yaml'], /missing\.yaml: the file cannot be read \(ENOENT\)/],
  [['--trust-proxy', 'proxy'], /`trustProxy` must be an address or a range/],
  [['--max-request', 'much'], /Expected a size such as 8MiB/],
  [['--processes', '2', '--redis', 'memory:'], /--processes needs a Redis/],
  [['--processes', 'some'], /Expected a whole number/],
] as const)('%j is refused in a sentence', async ([args, message]) => {
  const program = shell.start(['serve', '--port', '0', ...args])
  expect(await program.ended).toMatchObject({ code: 1 })
  expect(program.errors).toMatch(message)
})

test('several processes share a port; one that dies is replaced, and all stop together', async () => {
  const { program, line, url } = await serve('--processes', '2')
  expect(line).toContain('2 processes')
  const client = sdk(url, CREDENTIALS, { maxAttempts: 3 })
  const { QueueUrl } = await client.createQueue({ QueueName: 'videos' })
  const pids = await bothListen(program)
  process.kill(pids[0] as number, 'SIGKILL')
  await program.line('a new one starts')
  await client.sendMessage({ QueueUrl, MessageBody: 'still there' })
  expect((await client.receiveMessage({ QueueUrl })).Messages).toMatchObject([{ Body: 'still there' }])
  await expect.poll(() => program.lines.filter((said) => said.includes('2 of 2')).length).toBe(2)
  client.destroy()
  program.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
})

test('for a machine, a server says where it is in JSON', async () => {
  for (const processes of ['1', '2']) {
    const program = shell.start(['serve', '--port', '0', '--json', '--processes', processes])
    const line = await program.line('serving')
    expect(JSON.parse(line)).toMatchObject({ level: 'info', event: 'serving', url: expect.stringMatching(/^http:/) })
    program.kill('SIGTERM')
    await program.ended
  }
})

test('what keeps one of several processes from starting is said once', async () => {
  const program = shell.start([
    '--redis',
    'redis://127.0.0.1:1',
    '--timeout',
    '500ms',
    'serve',
    '--port',
    '0',
    '--processes',
    '2',
  ])
  expect(await program.ended).toMatchObject({ code: 3 })
  expect(program.errors.match(/boomerang:/g)).toHaveLength(1)
})

test('processes whose primary was killed stop well', async () => {
  const { program } = await serve('--processes', '2')
  const pids = await bothListen(program)
  program.kill('SIGKILL')
  await program.ended
  await expect.poll(() => pids.filter(isAlive)).toEqual([])
})

test('accounts: who is who, what is refused, what is read anew', async () => {
  const file = join(directory, 'boomerang.yaml')
  const configure = (key: string) =>
    writeFileSync(file, `accounts: { ${shell.namespace}: { keys: [{ id: ${key}, secret: { env: ROOT_SECRET } }] } }`)
  configure('AKIAFIRSTFIRSTFIRST1')
  const secretAccessKey = 'a secret of the test that nobody sees'.replaceAll(' ', '-')
  const { program, line, url } = await serveIn(
    { ROOT_SECRET: secretAccessKey },
    '--config',
    file,
    '--host',
    '0.0.0.0',
    '--verbose',
  )
  expect(line).toMatch(/1 account, 0 users, signatures required$/)
  const at = url.replace('0.0.0.0', '127.0.0.1')
  const first = sdk(at, { accessKeyId: 'AKIAFIRSTFIRSTFIRST1', secretAccessKey })
  const second = sdk(at, { accessKeyId: 'AKIASECONDSECOND1234', secretAccessKey })
  const wrong = sdk(at, { accessKeyId: 'AKIAFIRSTFIRSTFIRST1', secretAccessKey: 'wrong' })
  await first.createQueue({ QueueName: 'videos' })
  await expect(second.listQueues()).rejects.toMatchObject({ Code: 'InvalidClientTokenId' })
  await expect(wrong.listQueues()).rejects.toMatchObject({ Code: 'SignatureDoesNotMatch' })
  await program.line('what should have been signed: "POST')
  configure('AKIASECONDSECOND1234')
  program.kill('SIGHUP')
  await program.line('read anew')
  expect((await second.listQueues()).QueueUrls).toHaveLength(1)
  await expect(first.listQueues()).rejects.toMatchObject({ Code: 'InvalidClientTokenId' })
  writeFileSync(file, 'accounts: 1')
  program.kill('SIGHUP')
  await program.line('goes on to count')
  expect((await second.listQueues()).QueueUrls).toHaveLength(1)
  for (const client of [first, second, wrong]) client.destroy()
  program.kill('SIGTERM')
  await program.ended
  expect(program.lines.join('\n') + program.errors).not.toContain(secretAccessKey)
})

test('HTTPS by certificate files', async () => {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  chmodSync(key, 0o600)
  const { url } = await serve('--cert', cert, '--key', key)
  expect(url).toMatch(/^https:/)
  const requestHandler = new NodeHttpHandler({ httpsAgent: { rejectUnauthorized: false } })
  const client = sdk(url, CREDENTIALS, { requestHandler })
  const { QueueUrl } = await client.createQueue({ QueueName: 'videos' })
  expect(QueueUrl).toMatch(/^https:/)
  client.destroy()
})

/** The ids of both processes, once both listen. */
async function bothListen(program: Program): Promise<number[]> {
  await program.line('2 of 2 processes listen')
  return childrenOf(program.pid)
}

/** Those that run Node: its loader has helpers of its own. */
function childrenOf(pid: number): number[] {
  try {
    const out = execFileSync('pgrep', ['-P', String(pid), '-f', 'serve'], { encoding: 'utf8' })
    return out.trim().split('\n').map(Number)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
