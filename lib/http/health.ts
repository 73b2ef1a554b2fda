// GET /health: whether this server can do its work. Asked by anybody, so it says little, and asks Redis once a second.
import type { Answer, Incoming } from './wire/protocol.ts'

const FRESH = 1_000

export function asksForHealth({ method, path, search }: Incoming): boolean {
  return path === '/health' && search === '' && (method === 'GET' || method === 'HEAD')
}

export class Health {
  stopping = false
  #asked = Number.NEGATIVE_INFINITY
  #answer: Promise<number | undefined> = Promise.resolve(undefined)

  /** `ping` answers the ms that it took, or rejects. */
  constructor(private readonly ping: () => Promise<number>) {}

  async answer(): Promise<Answer> {
    if (this.stopping) return told(503, { status: 'stopping' })
    if (performance.now() - this.#asked > FRESH) {
      this.#asked = performance.now()
      this.#answer = this.ping().then(Math.round, () => undefined)
    }
    const redis = await this.#answer
    return redis === undefined ? told(503, { status: 'unreachable' }) : told(200, { status: 'ok', redis })
  }
}

function told(status: number, body: object): Answer {
  const text = JSON.stringify(body)
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(text.length)]
  return { status, headers: [...headers, 'Cache-Control', 'no-store'], body: text }
}
