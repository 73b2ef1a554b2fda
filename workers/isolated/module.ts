// What is given to a worker as its handler, with `isolate` and without.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ResourceLimits } from 'node:worker_threads'
import { InvalidOption } from '../../lib/errors.ts'
import { known } from '../../lib/options.ts'
import type { WorkerOptions } from '../types.ts'

const EXAMPLE = "new Worker(queue, import.meta.resolve('./handler.js'), { isolate: true })"

const LIMITS = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb']

/** Where the handlers of a worker run: the module, and the limits of its threads. */
export interface Isolation {
  module: string
  resourceLimits: ResourceLimits | undefined
}

/** Undefined for a handler that runs in the worker's own thread. */
export function isolationOf(handler: unknown, isolate: WorkerOptions['isolate']): Isolation | undefined {
  const isolated = isIsolated(isolate)
  const named = typeof handler === 'string' || handler instanceof URL
  if (!isolated && named)
    throw new InvalidOption(
      `a handler is a function, got the module ${handler}; with \`isolate: true\` it can be a module`,
    )
  if (!isolated) return undefined
  if (!named)
    throw new InvalidOption(
      `with \`isolate\` a handler is a module whose default export is the function, got ${typeof handler}; it runs in a thread, which a function cannot be sent to: ${EXAMPLE}`,
    )
  const { resourceLimits } = typeof isolate === 'object' ? isolate : {}
  return { module: urlOf(handler), resourceLimits }
}

function isIsolated(isolate: WorkerOptions['isolate']): boolean {
  if (isolate === undefined || typeof isolate === 'boolean') return isolate ?? false
  known(isolate, ['resourceLimits'], '`isolate`')
  checkLimits(isolate.resourceLimits)
  return true
}

function checkLimits(limits: ResourceLimits | undefined): void {
  known(limits, LIMITS, '`resourceLimits`')
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (typeof value !== 'number' || !(value > 0))
      throw new InvalidOption(`\`${name}\` must be a number of MiB above 0, got ${String(value)}`)
  }
}

function urlOf(module: string | URL): string {
  if (typeof module === 'string' && !module.startsWith('file:')) return pathToFileURL(resolve(module)).href
  const { protocol, href } = new URL(module)
  if (protocol !== 'file:') throw new InvalidOption(`the module of a handler must be a file, got ${href}`)
  return href
}
