// What a module exports, read as handlers:
//
//   export async function videos(message, { signal }) { … }      the handler of the queue of that name
//   export const mail = { handler, options, queue }              the same with options of the worker and the queue
//   export default …                                             a handler for the queues that --queue names,
//                                                                or an object of them, by queue name
import type { Handler, QueueOptions, WorkerOptions } from '../../index.ts'
import { Refusal } from '../exit.ts'

/** A queue, what handles its messages, and how. */
export interface Definition {
  queue: string
  handler: Handler
  options: WorkerOptions
  queueOptions: QueueOptions
}

const ROOMS = ['handler', 'options', 'queue']

/** The handlers for the queues that are wanted; all that the module names where none is. */
export function definitionsOf(module: Record<string, unknown>, file: string, wanted: string[]): Definition[] {
  const named = namedBy(module)
  if (wanted.length === 0) {
    if (named.size === 0) throw new Refusal(nothing(module, file))
    return [...named.values()]
  }
  return wanted.map((queue) => {
    const found = named.get(queue) ?? definition(queue, module['default'], false)
    if (found) return found
    const names = named.size > 0 ? `: it has ${[...named.keys()].join(', ')}` : ''
    throw new Refusal(`${file} has no handler for queue '${queue}'${names}`)
  })
}

/** By queue name: the named exports, and the entries of a default export that is an object of handlers. */
function namedBy(module: Record<string, unknown>): Map<string, Definition> {
  const { default: main, ...exports } = module
  const byName = isObject(main) && !isHandler(main['handler']) ? main : { default: main }
  const found = new Map<string, Definition>()
  for (const [name, value] of Object.entries({ ...byName, ...exports })) {
    if (name === 'module.exports') continue
    const made = definition(name, value, true)
    if (made && (name !== 'default' || made.queue !== 'default')) found.set(made.queue, made)
  }
  return found
}

function definition(name: string, value: unknown, renamed: boolean): Definition | undefined {
  if (isHandler(value)) return { queue: name, handler: value, options: {}, queueOptions: {} }
  if (!isObject(value) || !isHandler(value['handler'])) return undefined
  const strange = Object.keys(value).find((key) => !ROOMS.includes(key))
  if (strange)
    throw new Refusal(`the handler of ${name} has \`${strange}\`; it can have \`handler\`, \`options\` and \`queue\``)
  const { handler, options = {}, queue = {} } = value
  const { name: own, ...queueOptions } = (typeof queue === 'string' ? { name: queue } : queue) as QueueOptions & {
    name?: string
  }
  return { queue: (renamed && own) || name, handler, options: options as WorkerOptions, queueOptions }
}

/** A class that a module exports beside its handlers is none. */
function isHandler(value: unknown): value is Handler {
  return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nothing(module: Record<string, unknown>, file: string): string {
  return definition('default', module['default'], false)
    ? `${file} has a default handler only; say which queue it is for: --queue <name>`
    : `${file} exports no handler: export a function whose name is that of a queue`
}
