// What a module exports, read as handlers:
//
//   export async function videos(message, { signal }) { … }      the handler of the queue of that name
//   export const mail = { handler, options, queue }              the same with options of the worker and the queue
//   export const thumbs = { handler: import.meta.resolve('./thumbs.js'), options: { isolate: true } }
//                                                                in threads of its own: the default export of that module
//   export default …                                             a handler for the queues that --queue names,
//                                                                or an object of handlers by queue name
import type { Handler, QueueOptions, WorkerOptions } from '../../index.ts'
import { Refusal } from '../exit.ts'

/** A queue, what handles its messages, and how. */
export interface Definition {
  queue: string
  /** With `isolate` a module. */
  handler: Handler | string | URL
  options: WorkerOptions
  queueOptions: QueueOptions
}

type Exports = Record<string, unknown>
/** What stands in a module; the name of the queue may stand elsewhere. */
type Found = Omit<Definition, 'queue'> & { queue: string | undefined }

const ROOMS = ['handler', 'options', 'queue']

/** The handlers for the queues that are wanted; all that the module names where none is. */
export function definitionsOf(module: Exports, file: string, wanted: string[]): Definition[] {
  const main = found(module['default'], 'default')
  const named = namedBy(module, main, file)
  if (wanted.length === 0) {
    if (named.size === 0) throw new Refusal(nothing(file, main !== undefined))
    return [...named.values()]
  }
  return wanted.map((queue) => {
    const definition = named.get(queue) ?? (main && { ...main, queue })
    if (definition) return definition
    const names = named.size > 0 ? `: it has ${[...named.keys()].join(', ')}` : ''
    throw new Refusal(`${file} has no handler for queue '${queue}'${names}`)
  })
}

/** By queue name. An object of handlers is what a default export is, and what CommonJS exports. */
function namedBy(module: Exports, main: Found | undefined, file: string): Map<string, Definition> {
  const { default: object, 'module.exports': _, ...exports } = module
  const entries = Object.entries({ ...(!main && isObject(object) && object), ...exports })
  const all = entries.map(([name, value]) => ({ name, ...found(value, name) }))
  const named = new Map<string, Definition>()
  for (const { name, handler, queue = name, options = {}, queueOptions = {} } of [...all, { name: '', ...main }]) {
    if (!handler || queue === '') continue
    if (named.has(queue)) throw new Refusal(`${file} has two handlers for queue '${queue}'`)
    named.set(queue, { queue, handler, options, queueOptions })
  }
  return named
}

function found(value: unknown, name: string): Found | undefined {
  if (isHandler(value)) return { queue: undefined, handler: value, options: {}, queueOptions: {} }
  if (!isObject(value) || !(isHandler(value['handler']) || isIsolated(value))) return undefined
  const strange = Object.keys(value).find((key) => !ROOMS.includes(key))
  if (strange) {
    throw new Refusal(`the handler of ${name} has \`${strange}\`; it can have \`handler\`, \`options\` and \`queue\``)
  }
  const { handler, options = {}, queue = {} } = value as { handler: Handler; options?: object; queue?: unknown }
  const { name: own, ...queueOptions } = (typeof queue === 'string' ? { name: queue } : queue) as QueueOptions & Named
  return { queue: own, handler, options: options as WorkerOptions, queueOptions }
}

interface Named {
  name?: string
}

/** A class that a module exports beside its handlers is none. */
function isHandler(value: unknown): value is Handler {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value))
}

function isIsolated({ handler, options }: Record<string, unknown>): boolean {
  return (typeof handler === 'string' || handler instanceof URL) && isObject(options) && Boolean(options['isolate'])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nothing(file: string, main: boolean): string {
  return main
    ? `${file} has a default handler only; say which queue it is for: --queue <name>`
    : `${file} exports no handler: export a function whose name is that of a queue`
}
