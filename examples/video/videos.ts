// What travels through the queue: a video, by its path. And the queue itself, described once for all processes.

import { statSync } from 'node:fs'
import { parse, resolve } from 'node:path'
import type { Client, Queue } from 'boomerang-mq'
import type { Published } from './transcode.ts'

export interface Video {
  /** What it is called in the output, and on the screen. */
  name: string
  /** The absolute path of the file. It is also the idempotency key: one path, one effect. */
  source: string
}

export function videoQueue(client: Client): Queue<Video, Published> {
  return client.queue<Video, Published>('videos', { visibility: '3s', deadLetter: { maxReceives: 3 } })
}

/** The name of the video that cannot be decoded. */
export const BROKEN = 'broken-upload'

/**
 * The files that were named on the command line: a path named twice is one video, a name used twice gets a number.
 * `cleared` is the directory that the run empties before it begins.
 */
export function videosFrom(paths: string[], directory: string, cleared: string): Video[] {
  const sources = new Set(paths.map((path) => resolve(directory, path)))
  const taken = new Set([BROKEN])
  return [...sources].map((source) => {
    if (!statSync(source, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${source}.`)
    if (source.startsWith(cleared))
      throw new Error(`${source} would be overwritten: copy it to another directory first.`)
    return { name: uniqueName(parse(source).name, taken), source }
  })
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`
  taken.add(name)
  return name
}
