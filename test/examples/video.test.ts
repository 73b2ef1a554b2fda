// The video example as a whole program, with a short clip so that each run takes seconds.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ffmpeg } from '../../examples/video/ffmpeg.ts'
import { findFfmpeg } from '../../examples/video/find-ffmpeg.ts'
import { startProgram } from '../harness/programs.ts'
import { temporaryDirectory } from '../harness/temporary.ts'

const example = import.meta.resolve('../../examples/video/main.ts')
let directory: ReturnType<typeof temporaryDirectory>

beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory[Symbol.dispose]())

function run(args: string[], env: Record<string, string> = {}) {
  const cwd = directory.path
  return startProgram(example, { args, cwd, env: { REDIS_URL: '', INIT_CWD: cwd, NO_COLOR: '1', ...env } })
}

/** 1080p and noisy, so that its job is long enough for a worker to be killed in its middle. */
async function clip(name: string): Promise<string> {
  const { path } = await findFfmpeg()
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=24', '-f', 'lavfi', '-i', 'sine']
  await ffmpeg(path, [...picture, '-t', '5', '-preset', 'ultrafast', join(directory.path, name)])
  return name
}

/** A PATH on which nothing is installed. */
function emptyPath(): string {
  const bin = join(directory.path, 'bin')
  mkdirSync(bin)
  return bin
}

const effects = () => readFileSync(join(directory.path, 'out/effects.log'), 'utf8').trim().split('\n')

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

describe('the video example', { timeout: 90_000 }, () => {
  test('processes once, on a Redis of its own, although a worker is killed', async () => {
    await using program = run([await clip('sea.mkv')])
    const { code } = await program.ended
    const screen = program.lines.join('\n')
    expect(code, screen + program.errors).toBe(0)
    expect(program.lines[0]).toMatch(/a private (redis|valkey)-server .* on port \d+/)
    expect(screen).toContain('duplicate')
    expect(screen).toContain('was killed')
    expect(screen).toContain('dropped, its key was')
    expect(screen).toContain('moov atom not found')
    expect(effects()).toHaveLength(1)
    expect(readdirSync(join(directory.path, 'out/videos/sea'))).toHaveLength(3)
  })

  test('does so in memory, with the ffmpeg that npm brought, where nothing is installed', async () => {
    await using program = run([await clip('sea.mkv')], { PATH: emptyPath() })
    const { code } = await program.ended
    const screen = program.lines.join('\n')
    expect(code, screen + program.errors).toBe(0)
    expect(program.lines[0]).toContain('the memory of this process')
    expect(screen).toContain('was abandoned')
    expect(effects()).toHaveLength(1)
  })

  test('interrupted, stops its workers and its Redis and says no more than that', async () => {
    await using program = run([await clip('sea.mkv')])
    const [, port] = /on port (\d+)/.exec(await program.line('on port')) ?? []
    await program.line(/ \d+ % +worker/)
    program.kill('SIGINT')
    const { code } = await program.ended
    expect(code).toBe(130)
    expect(program.errors.trim()).toBe('Stopped, and tidied up.')
    expect(await accepts(Number(port))).toBe(false)
    expect(readdirSync(join(directory.path, 'out/.unfinished'))).toEqual([])
    expect(existsSync(join(directory.path, 'out/videos'))).toBe(false)
  })

  test.each([
    ['a file that is not there', ['none.mov'], {}, /^There is no file .*none\.mov\.$/],
    ['a Redis that is not there', [], { REDIS_URL: 'redis://:secret@127.0.0.1:1' }, /^[^\n]*127\.0\.0\.1:1[^\n]*$/],
  ])('%s is told in one sentence', async (_, args, env, sentence) => {
    await using program = run(args, env)
    const { code } = await program.ended
    expect(code).toBe(1)
    expect(program.errors.trim()).toMatch(sentence)
    expect(program.errors).not.toContain('secret')
  })
})
