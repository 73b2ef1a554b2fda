// A listener whose service does what the path of a request says.
import type { AddressInfo } from 'node:net'
import { Gate } from '../../lib/cli/work/gate.ts'
import { Ended } from '../../lib/http/heard.ts'
import { LIMITS, type Limits } from '../../lib/http/limits.ts'
import { Listener, type Service } from '../../lib/http/listener.ts'
import { Origins } from '../../lib/http/origin.ts'
import type { Answer, Incoming } from '../../lib/http/wire/protocol.ts'
import { sqs } from '../../lib/index.ts'

export class Listening implements Service {
  readonly listener: Listener
  /** Bodies of the requests that came. */
  readonly bodies: string[] = []
  /** A request to another path than /. */
  readonly arrived = new Gate<Incoming>()
  readonly undone = new Gate<string>()
  readonly ended = new Gate<unknown>()
  port = 0

  constructor(limits: Partial<Limits> = {}) {
    this.listener = new Listener(this, { limits: { ...LIMITS, ...limits }, origins: new Origins([]) })
  }

  async serve(incoming: Incoming) {
    const { path, search, body } = incoming
    this.bodies.push(body.toString())
    if (path !== '/') this.arrived.open(incoming)
    if (path === '/wait') return { answer: text(200, await this.#wait(incoming.signal as AbortSignal)) }
    if (path === '/large') return { answer: text(200, 'x'.repeat(Number(search))), unsent: this.#undo }
    if (path === '/wait-long') {
      await this.#wait(incoming.signal as AbortSignal)
      return { answer: text(200, 'late'), unsent: this.#undo }
    }
    return { answer: text(200, `${path}?${search} ${body.length}`) }
  }

  turnAway(_: unknown, error: unknown): Answer {
    const { status, message } = sqs.errorOf(error)
    return text(status, message)
  }

  readonly #undo = async () => this.undone.open('undone')

  #wait(signal: AbortSignal): Promise<string> {
    return new Promise((resolve) => {
      const end = () => {
        this.ended.open(signal.reason)
        resolve(signal.reason instanceof Ended ? 'ended' : 'odd')
      }
      if (signal.aborted) end()
      else signal.addEventListener('abort', end)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.stop(0)
  }
}

export async function listening(limits?: Partial<Limits>): Promise<Listening> {
  const one = new Listening(limits)
  const { port }: AddressInfo = await one.listener.listen(0, '127.0.0.1')
  one.port = port
  return one
}

function text(status: number, body: string): Answer {
  return { status, headers: ['Content-Type', 'text/plain', 'Content-Length', String(body.length)], body }
}
