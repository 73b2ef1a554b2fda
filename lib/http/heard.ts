// A request as it came over a connection, its body read.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Incoming, Origin } from './wire/protocol.ts'

/** Why a signal is aborted: nobody waits for the answer, or the server stops and waits no longer. */
export class Ended extends Error {}

export class Heard implements Incoming {
  readonly path: string
  readonly search: string
  #ending: AbortController | undefined
  #ended = false

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    readonly body: Buffer,
    readonly origin: Origin,
  ) {
    const target = targetOf(request.url ?? '/')
    const mark = target.indexOf('?')
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.search = mark < 0 ? '' : target.slice(mark + 1)
  }

  get method(): string {
    return this.request.method ?? ''
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers
  }

  get rawHeaders(): string[] {
    return this.request.rawHeaders
  }

  /** Made when it is first asked for: most requests never wait. */
  get signal(): AbortSignal {
    if (!this.#ending) {
      this.#ending = new AbortController()
      if (this.#ended || this.response.closed) this.end()
      else this.response.once('close', () => this.response.writableFinished || this.end())
    }
    return this.#ending.signal
  }

  end(): void {
    this.#ended = true
    this.#ending?.abort(new Ended())
  }
}

/** Clients that take a server for a proxy name it in front of the path. */
function targetOf(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '') || '/'
}
