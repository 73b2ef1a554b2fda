// npm start: videos become renditions, each exactly once, although messages come twice and a worker dies at its work.

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import colors from 'picocolors'
import { check } from './check.ts'
import { makeBrokenClip, makeClips } from './clips.ts'
import { findFfmpeg } from './find-ffmpeg.ts'
import { hireInProcess, hireProcess } from './hire.ts'
import { interruption } from './interruption.ts'
import { Ledger } from './ledger.ts'
import { tellSent } from './narrate.ts'
import { produce } from './producer.ts'
import { workShift } from './shift.ts'
import { openStore } from './store.ts'
import { table } from './table.ts'
import { videoQueue, videosFrom } from './videos.ts'
import { openView } from './view.ts'

const interrupted = interruption()

async function main(paths: string[]): Promise<boolean> {
  const out = resolve('out')
  const given = videosFrom(paths, process.env['INIT_CWD'] ?? '.', join(out, 'videos'))
  const { path: ffmpeg, description } = await findFfmpeg()

  const namespace = `video-example-${randomUUID().slice(0, 8)}` // of this run alone, also on a Redis that others use
  await using store = await openStore(namespace)
  console.log(`${colors.dim('store ')}  ${store.description}`)
  console.log(`${colors.dim('ffmpeg')}  ${description}`)

  for (const old of ['videos', 'effects.log', '.unfinished']) await rm(join(out, old), { recursive: true, force: true })
  const broken = await makeBrokenClip(ffmpeg, join(out, 'clips'), interrupted)
  const videos = given.length > 0 ? given : await makeClips(ffmpeg, join(out, 'clips'), interrupted)
  console.log(`${colors.dim('videos')}  ${videos.map(({ name }) => name).join(', ')}, and one that cannot be decoded\n`)

  const queue = videoQueue(store.client)
  const ledger = new Ledger()
  await produce(queue, videos, broken, (sent) => {
    ledger.sent(sent)
    console.log(tellSent(sent))
  })
  console.log()

  const view = openView()
  const terms = { url: store.url, namespace, ffmpeg, out }
  const hire = store.shared ? hireProcess : hireInProcess
  try {
    const shift = { queue, ledger, view, processes: store.shared }
    await workShift({ ...shift, hire: (name, report) => hire(name, terms, report) }, interrupted)
  } finally {
    view.close()
  }

  console.log(`\n${table(ledger.rows)}\n`)
  const findings = await check({ queue, videos, broken, ffmpeg, out })
  for (const { holds, sentence } of findings) console.log(`${holds ? colors.green('✓') : colors.red('✗')} ${sentence}.`)
  console.log(`\nThe renditions are in ${relative('.', join(out, 'videos'))}.`)
  return findings.every(({ holds }) => holds)
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  console.error(interrupted.aborted ? '\nStopped, and tidied up.' : colors.red((error as Error).message))
  process.exitCode = interrupted.aborted ? 130 : 1
}
