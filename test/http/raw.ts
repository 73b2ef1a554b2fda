// A connection on which a test says byte for byte what it wants.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export class Raw {
  text = ''
  ended = false
  readonly #changed = new Set<() => void>()

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1')
      this.#tell()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.#tell()
    })
  }

  say(text: string | Buffer): this {
    if (!this.socket.destroyed) this.socket.write(text)
    return this
  }

  /** The next whole answer: its body as long as Content-Length says. */
  async answer(): Promise<RawAnswer> {
    return this.#until(() => this.#take())
  }

  /** Until the other side has closed the connection; answers all that it said and that was not taken. */
  async closed(): Promise<string> {
    return this.#until(() => (this.ended ? { rest: this.text } : undefined)).then(({ rest }) => rest)
  }

  hangUp(): void {
    this.socket.destroy()
  }

  [Symbol.dispose](): void {
    this.hangUp()
  }

  #take(): RawAnswer | undefined {
    const end = this.text.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const [first = '', ...lines] = this.text.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => {
        const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? []
        return [name.toLowerCase(), value]
      }),
    )
    const status = Number(first.split(' ')[1])
    const length = status === 100 ? 0 : Number(headers['content-length'] ?? 0)
    const rest = this.text.slice(end + 4)
    if (rest.length < length) return undefined
    this.text = rest.slice(length)
    return { status, headers, body: rest.slice(0, length) }
  }

  async #until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (this.ended) throw new Error(`closed with only this said: ${this.text.slice(0, 500)}`)
      await new Promise<void>((resolve) => this.#changed.add(resolve))
    }
  }

  #tell(): void {
    for (const resolve of this.#changed) resolve()
    this.#changed.clear()
  }
}

export async function raw(port: number): Promise<Raw> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return new Raw(socket)
}

/** The text of a POST. */
export function post(body: string, headers: string[] = []): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  return ['POST / HTTP/1.1', 'Host: localhost', length, ...headers, '', body].join('\r\n')
}
