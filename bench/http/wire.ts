// One connection and one request at a time on it, written as it was prepared: an SDK, or even node:http, would be slower than
// the servers that are measured.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  body: string
}

const HEAD_END = '\r\n\r\n'

export class Wire {
  readonly #socket: Socket
  #read = ''
  #bytes = -1
  #status = 0
  #settle: ((answer: Answer) => void) | undefined
  #fail: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('data', (text: string) => this.#take(text))
    socket.on('error', (error) => this.#fail?.(error))
    socket.on('close', () => this.#fail?.(new Error('the server has closed the connection')))
  }

  static async open(url: URL): Promise<Wire> {
    const socket = connect(Number(url.port), url.hostname)
    await once(socket, 'connect')
    return new Wire(socket)
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve
      this.#fail = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#fail = undefined
    this.#socket.destroy()
  }

  #take(text: string): void {
    this.#read = this.#read === '' ? text : this.#read + text
    if (this.#bytes < 0) {
      const end = this.#read.indexOf(HEAD_END)
      if (end < 0) return
      const head = this.#read.slice(0, end)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
      if (length === undefined) {
        this.#fail?.(new Error(`an answer without a length: ${head}`))
        return
      }
      this.#status = Number(head.slice(9, 12))
      this.#bytes = Number(length)
      this.#read = this.#read.slice(end + HEAD_END.length)
    }
    if (this.#read.length < this.#bytes) return
    const answer = { status: this.#status, body: this.#read.slice(0, this.#bytes) }
    this.#read = ''
    this.#bytes = -1
    this.#settle?.(answer)
  }
}
