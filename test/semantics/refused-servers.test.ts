// Stores that are refused on connecting, with a sentence that says what to do.
import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { freePort } from '../harness/ports.ts'

test('a server older than 6.2 is refused by its version', async () => {
  const info = '# Server\r\nredis_version:6.0.16\r\nloading:0\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n'
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      // One answer for each command; only INFO has a text.
      for (const command of data.toString().split(/(?=\*\d+\r\n\$)/)) {
        socket.write(/\r\ninfo\r\n/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
      }
    })
    socket.on('error', () => {})
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  try {
    await expect(connect(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ServerTooOld',
      message: expect.stringContaining('6.0.16'),
    })
  } finally {
    server.close()
  }
})

test("'memory:' without its package says what to install", async () => {
  const hook = `export async function resolve(name, context, next) {
    if (name === 'ioredis-mock') throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' })
    return next(name, context)
  }`
  const program = `import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))
    const { connect } = await import('boomerang-mq')
    await connect('memory:').catch((error) => console.log(error.code, error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  expect(stdout).toMatch(/^MissingPeer .*npm install --save-dev ioredis-mock/)
})
