// boto3 and the AWS command line, where this machine has them: each version that there is, and so the protocol of each.
import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { guard } from '../harness/guard.ts'
import { CREDENTIALS, serving } from '../http/serving.ts'
import { commandLines, pythonsWith } from './installed.ts'
import { type Ask, play, protocolsOf, UNKNOWN } from './play.ts'

const server = serving()

const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  // What the machine's owner has configured is none of these tests' business.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
}

const [boto3, awscli, programs] = await Promise.all([pythonsWith('boto3'), pythonsWith('awscli'), commandLines()])

test.for(['boto3', 'awscli'])('%s plays the script where the Python of the system has it', async (module) => {
  const has = await promisify(execFile)('/usr/bin/python3', ['-c', `import ${module}`]).then(
    () => true,
    () => false,
  )
  const found = { boto3, awscli }[module] ?? []
  const ofSystem = found.some(({ program }) => /^(?:\/usr)?\/bin\//.test(program))
  // Of equal versions on the PATH only the first one plays.
  expect(has ? found.length > 0 : !ofSystem).toBe(true)
})

test.for(boto3)('$version plays the script', async ({ program }) => {
  await using client = new Lines(program, 'boto3_client.py', server.url.href)
  const { protocol } = await client.heard<{ protocol: string }>()
  await play(async (action, input) => {
    const { answer, code } = await client.ask<{ answer?: object; code?: string }>([action, input])
    if (code !== undefined) throw Object.assign(new Error(`${action}: ${code}`), { code })
    return answer
  })
  expect(protocolsOf(server)).toEqual([protocol])
})

test.for(awscli)('$version plays the script', { timeout: 60_000 }, async ({ program }) => {
  await using client = new Lines(program, 'aws_client.py')
  const ask: Ask = async (action, input) => {
    const command = action.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
    const args = [...commandOf(command), '--no-paginate', '--cli-input-json', JSON.stringify(input)]
    const { code, out, errors } = await client.ask<{ code: number; out: string; errors: string }>(args)
    if (code === 0) return out.trim() === '' ? {} : JSON.parse(out)
    const unknown = /argument operation: (Invalid choice|Found invalid choice)/.test(errors) ? UNKNOWN : undefined
    throw Object.assign(new Error(errors), { code: /An error occurred \(([\w.]+)\)/.exec(errors)?.[1] ?? unknown })
  }
  await play(ask)
  expect(protocolsOf(server)).toHaveLength(1)
})

test.for(programs)('$version, the program itself, lists queues', async ({ program }) => {
  await server.client.queues.create('videos')
  const { stdout } = await promisify(execFile)(program, commandOf('list-queues'), { env: ENVIRONMENT })
  expect(JSON.parse(stdout)).toEqual({ QueueUrls: [expect.stringMatching(/\/videos$/)] })
})

function commandOf(command: string): string[] {
  return ['sqs', command, '--endpoint-url', server.url.href, '--output', 'json']
}

/** A Python program that answers each line of JSON with another. */
class Lines {
  readonly #child
  readonly #lines
  readonly #callOff

  constructor(python: string, file: string, ...args: string[]) {
    const path = new URL(file, import.meta.url).pathname
    this.#child = spawn(python, [path, ...args], { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#callOff = guard(this.#child.pid)
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async heard<Told>(): Promise<Told> {
    return JSON.parse((await this.#lines.next()).value ?? '{"code":"it ended"}')
  }

  ask<Told>(what: unknown): Promise<Told> {
    this.#child.stdin.write(`${JSON.stringify(what)}\n`)
    return this.heard()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve))
    this.#child.stdin.end()
    await ended
    this.#callOff()
  }
}
