// What cannot be done is said in one sentence on the standard error, with an exit code, and without secrets.
import { describe, expect, test } from 'vitest'
import { EXIT } from '../../lib/cli/exit.ts'
import { freePort } from '../harness/ports.ts'
import { aShell, HANDLERS } from './shell.ts'

const shell = aShell()
const work = (...args: string[]) => ['work', HANDLERS, ...args]

const mistakes: [args: string[], says: string][] = [
  [['stat'], "unknown command 'stat' (Did you mean stats?)"],
  [['stats', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
  [['peek'], "missing required argument 'queue'"],
  [['peek', 'q', '--limit', 'ten'], "option '--limit <n>' argument 'ten' is invalid. Expected a whole number."],
  [
    ['peek', 'q', '--state', 'dead'],
    "option '--state <state>' argument 'dead' is invalid. Allowed choices are ready, in-flight.",
  ],
  [['configure', 'q', '--visibility', '13h'], "`visibility` must be between 0 and 12h, got '13h'"],
  [
    ['send', 'no good', 'x'],
    "a queue name is 1 to 80 letters, digits, '-' and '_' ('.fifo' at the end is a FIFO queue's), got 'no good'",
  ],
  [['send', 'q', 'x', '--file', 'y'], 'give a body or --file, not both'],
  [['send', 'q', '--file', 'gone.txt'], 'cannot read gone.txt: ENOENT'],
  [['send', 'q', '--key', 'k'], '--key and --id are for one message: give its body'],
  [['work', 'gone.js'], 'there is no file gone.js'],
  [work('--concurrency', '0'), '`concurrency` must be a whole number between 1 and 10000, got 0'],
  [work('--visibility', '30'), "`visibility` must be milliseconds or a text such as '30s', got '30'"],
  [
    work('--grace', '30'),
    "option '--grace <duration>' argument '30' is invalid. Expected a duration such as 30s or 2m.",
  ],
  [work('--processes', '0'), "option '--processes <n>' argument '0' is invalid. Expected at least 1."],
]

describe('a mistake', () => {
  test.each(mistakes)('in %j is explained', async (args, says) => {
    expect(await shell.run(...args)).toEqual({ code: EXIT.refused, out: '', errors: `boomerang: ${says}` })
    expect((await shell.client.queues.list()).names).toEqual([])
  })
})

describe('a Redis that is not there', () => {
  test.each([
    ['a command', ['stats']],
    ['a worker', work()],
    ['several workers, once', work('--processes', '2')],
  ])('ends %s', async (_, args) => {
    const port = await freePort()
    const ran = await shell.run(...args, '--redis', `redis://me:secret@127.0.0.1:${port}`, '--timeout', '300ms')
    expect(ran.code).toBe(EXIT.unreachable)
    expect(ran.errors.split('\n')).toEqual([expect.stringContaining(`cannot reach Redis at 127.0.0.1:${port}`)])
  })

  test('is told with its cause where that is asked for', async () => {
    const ran = await shell.run(
      'stats',
      '--redis',
      `redis://127.0.0.1:${await freePort()}`,
      '--timeout',
      '300ms',
      '--verbose',
    )
    expect(ran.errors).toMatch(/\n {4}at /)
    expect(ran.errors).toContain('ECONNREFUSED')
  })
})

test('a password is not shown, even of a URL that makes no sense', async () => {
  const ran = await shell.run('stats', '--redis', 'http://me:secret@somewhere', '--verbose')
  expect(ran.code).toBe(EXIT.refused)
  expect(ran.errors).not.toContain('secret')
})

describe('help', () => {
  const commands = [
    'work',
    'send',
    'stats',
    'queues',
    'peek',
    'dead',
    'redrive',
    'pause',
    'resume',
    'configure',
    'purge',
    'remove',
  ]

  test('lists the commands and where the settings come from', async () => {
    const { code, out } = await shell.run('--help')
    expect(code).toBe(0)
    for (const word of [...commands, 'REDIS_URL', 'BOOMERANG_NAMESPACE']) expect(out).toContain(word)
  })

  test('of a worker tells the convention and the exit codes', async () => {
    const { out } = await shell.run('work', '--help')
    for (const word of ['export async function', ...Object.values(EXIT).map((code) => `\n  ${code}  `)])
      expect(out).toContain(word)
  })
})
