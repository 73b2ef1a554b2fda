// Videos sent by clients of SQS, worked by our Worker: as the example's README says.

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ffmpeg } from '../../examples/video/ffmpeg.ts'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { type Program, startProgram } from '../harness/programs.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { root } from '../project/tree.ts'

const python = spawnSync('python3', ['-c', 'import boto3']).status === 0
const cli = spawnSync('aws', ['--version']).status === 0
const KEYS = { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_DEFAULT_REGION: 'us-east-1' }

let directory: ReturnType<typeof temporaryDirectory>
let redis: RedisServer
let server: Program
let worker: Program
let endpoint: string

beforeEach(async () => {
  directory = temporaryDirectory()
  redis = await startRedis()
  const place = { cwd: directory.path, env: { REDIS_URL: redis.url } }
  server = startProgram(`${root}/lib/cli/main.ts`, { ...place, args: ['serve', '--port', '0'] })
  worker = startProgram(`${root}/examples/sqs-clients/worker.ts`, place)
  endpoint = /http:\S+/.exec(await server.line('SQS on'))?.[0] as string
  await worker.line('Waiting')
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=24', '-t', '1']
  await ffmpeg((await findFfmpeg()).path, [...picture, join(directory.path, 'sea.mkv')])
})

afterEach(async () => {
  for (const program of [worker, server]) {
    program.kill('SIGTERM')
    expect(await program.ended, program.errors).toMatchObject({ code: 0 })
  }
  await redis.stop()
  directory[Symbol.dispose]()
})

function run(program: string, ...args: string[]): string {
  const env = { ...process.env, ...KEYS, AWS_ENDPOINT_URL: endpoint }
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: directory.path, env, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

const local = (...args: string[]) => run('aws', '--endpoint-url', endpoint, 'sqs', ...args)
const rendered = () => readdirSync(join(directory.path, 'out/videos/sea')).sort()

describe('a video that is sent', { timeout: 60_000 }, () => {
  test.skipIf(!python)(`by boto3 is worked${python ? '' : ' (skipped: there is no boto3)'}`, async () => {
    const sent = run('python3', `${root}/examples/sqs-clients/send.py`, 'sea.mkv')
    const [id] = /[0-9a-f-]{36}/.exec(sent) ?? []
    await worker.line(`completed ${id}`)
    expect(rendered()).toEqual(['720p.mp4', 'metadata.json', 'thumbnail.jpg'])
  })

  test.skipIf(!cli)(`by the command line is worked${cli ? '' : ' (skipped: there is no aws)'}`, async () => {
    local('create-queue', '--queue-name', 'videos')
    const send = (job: object) => local('send-message', '--queue-url', 'videos', '--message-body', JSON.stringify(job))
    send({ name: '../sea', source: 'anywhere' })
    const { MessageId } = JSON.parse(send({ name: 'sea', source: join(directory.path, 'sea.mkv') }))
    await worker.line(`completed ${MessageId}`)
    expect(rendered()).toEqual(['720p.mp4', 'metadata.json', 'thumbnail.jpg'])
    expect(readdirSync(join(directory.path, 'out'))).not.toContain('sea')
  })
})
