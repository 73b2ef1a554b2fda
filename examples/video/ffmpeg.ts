// Running ffmpeg: as a promise, with its progress, an end by signal, and its reason when it fails.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface RunOptions {
  /** Aborted: ffmpeg is killed, and the promise rejects with the signal's reason once it is gone. */
  signal?: AbortSignal | undefined
  /** Called about twice a second with the seconds of video that are written. */
  onProgress?: (seconds: number) => void
}

/** ffmpeg ended with an error. The message is what it said, without its file names and addresses. */
export class FfmpegError extends Error {
  override name = 'FfmpegError'
}

/** Runs ffmpeg to its end. */
export async function ffmpeg(binary: string, args: string[], options: RunOptions = {}): Promise<void> {
  const { code, log } = await run(binary, ['-v', 'error', '-nostats', '-progress', 'pipe:1', ...args], options)
  if (code !== 0) throw new FfmpegError(reasonIn(log))
}

/** Runs ffmpeg to its end, whatever that is. */
export function run(binary: string, args: string[], { signal, onProgress }: RunOptions = {}) {
  return new Promise<{ code: number | null; log: string }>((resolve, reject) => {
    const child = spawn(binary, ['-hide_banner', '-nostdin', '-y', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    })
    let log = ''
    let failure: Error | undefined
    createInterface(child.stdout).on('line', (line) => {
      const seconds = secondsIn(line)
      if (seconds !== undefined) onProgress?.(seconds)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-64 * 1024)
    })
    child.once('error', (error) => {
      failure = signal?.aborted ? signal.reason : error
    })
    // Only now is the process gone: nobody writes to its files any more.
    child.once('close', (code) => (failure ? reject(failure) : resolve({ code, log })))
  })
}

/** The position in a line of `-progress`. ffmpeg's `out_time_ms` are microseconds; `out_time` is what it says it is. */
export function secondsIn(line: string): number | undefined {
  const [, hours, minutes, seconds] = /^out_time=(\d+):(\d+):([\d.]+)$/.exec(line) ?? []
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** The last things that ffmpeg said, without `[mov @ 0x55d0]` before and the file's name in front of them. */
export function reasonIn(log: string): string {
  const said = log
    .split('\n')
    .map((line) => line.replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '').trim())
    .map((line) => line.replace(/^.*: (?=Invalid data found)/, ''))
    .filter((line) => line !== '' && !line.includes('misdetection possible'))
  return [...new Set(said)].slice(-2).join('; ') || 'ffmpeg gave no reason'
}
