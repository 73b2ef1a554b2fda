// Hiring workers: each a process of its own where the store can be shared, else in this one.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connect } from 'boomerang-mq'
import { videoQueue } from './videos.ts'
import { type Report, videoWorker } from './worker.ts'

export interface Hand {
  name: string
  /** Ends it at once and without a word, in the middle of what it does. */
  kill(): Promise<void>
  /** Lets it give back what it has, and go. */
  stop(): Promise<void>
  /** Resolves when it has gone, however. */
  gone: Promise<unknown>
}

export interface Terms {
  url: string
  namespace: string
  ffmpeg: string
  out: string
}

export type Hire = (name: string, terms: Terms, report: (report: Report) => void) => Promise<Hand>

export const hireProcess: Hire = async (name, terms, report) => {
  const module = fileURLToPath(new URL('./worker-process.ts', import.meta.url))
  // Detached: it leads a process group, so that its ffmpeg can be ended together with it, and Ctrl-C reaches only us.
  const child = fork(module, [JSON.stringify({ name, ...terms })], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const killGroup = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // nobody of the group is left
    }
  }
  process.once('exit', killGroup)
  child.on('message', report)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      killGroup() // whatever way it went: no ffmpeg of its own stays behind
      process.off('exit', killGroup)
      resolve()
    })
  })
  const kill = async () => {
    killGroup()
    await gone
  }
  const stop = async () => {
    if (child.connected) child.send('stop')
    const patience = setTimeout(killGroup, 5000)
    await gone
    clearTimeout(patience)
  }
  return { name, kill, stop, gone }
}

export const hireInProcess: Hire = async (name, { url, namespace, ffmpeg, out }, report) => {
  const client = await connect(url, { namespace })
  const worker = videoWorker(videoQueue(client), { name, ffmpeg, out, report })
  await worker.start()
  let leave = () => {}
  const gone = new Promise<void>((resolve) => {
    leave = resolve
  })
  // Cut off first, stopped then: it cannot give its message back any more, as if its process had died.
  const kill = async () => {
    await client.close()
    await worker.stop({ grace: 0 }).catch(() => {})
    leave()
  }
  const stop = async () => {
    await worker.stop({ grace: '500ms' })
    await client.close()
    leave()
  }
  return { name, kill, stop, gone }
}
