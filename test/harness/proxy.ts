// A bad network on demand: stands between a client and a server and pauses, delays, cuts, refuses or loses replies.
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export async function startProxy(target: string | { host: string; port: number }): Promise<NetworkProxy> {
  const { host, port } = typeof target === 'string' ? address(target) : target
  const proxy = new NetworkProxy(host, port)
  await proxy.listen()
  return proxy
}

function address(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

export class NetworkProxy {
  readonly host = '127.0.0.1'
  port = 0
  /** Milliseconds that each chunk waits, on its way there and on its way back. */
  delay = 0
  /** New connections are closed at once. */
  refuse = false
  /** Connections from this address are neither refused nor cut. Systems like Linux answer on all of 127.0.0.0/8. */
  exempt: string | undefined
  /** What the client says arrives; what the server answers is lost. */
  loseReplies = false
  /** Bytes that reached the server. */
  received = 0
  #server: Server
  #sockets = new Set<Socket>()
  #silent = new Set<Socket>()
  /** The client's address, of both sockets of a connection. */
  #from = new WeakMap<Socket, string | undefined>()
  /** Connections whose next reply is torn, and which part of it arrives. */
  #torn = new Map<Socket, number>()
  #paused: Promise<void> | undefined
  #unpause = () => {}

  constructor(host: string, port: number) {
    // Who ends is not answered with an end by itself: a connection that carries nothing does not carry that either.
    this.#server = createServer({ allowHalfOpen: true }, (client) =>
      this.#connect(client, createConnection({ host, port, allowHalfOpen: true })),
    )
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size / 2
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, this.host, () => {
        this.port = (this.#server.address() as { port: number }).port
        resolve()
      })
    })
  }

  /** Holds all traffic back, without closing anything. */
  pause(): void {
    this.#paused ??= new Promise((resolve) => {
      this.#unpause = resolve
    })
  }

  resume(): void {
    this.#paused = undefined
    this.#unpause()
  }

  /** Connections that are open now carry nothing any more, either way, not even their end; new ones work. */
  silence(): void {
    this.#silent = new Set(this.#sockets)
  }

  /** Breaks the connections that are silent, as the other side does once it hears of one that it has forgotten. */
  breakSilent(): void {
    for (const socket of this.#silent) socket.destroy()
    this.#silent.clear()
  }

  /** Of the next reply on each connection that is open now only this part of the bytes arrives; then the connection breaks. */
  tear(part = 0.5): void {
    this.#torn = new Map([...this.#sockets].map((socket) => [socket, part]))
  }

  /** Breaks every connection; new ones are welcome unless `refuse` is set. */
  cut(): void {
    for (const socket of this.#sockets) if (!this.#spared(socket)) socket.destroy()
    this.#sockets = new Set([...this.#sockets].filter((socket) => !socket.destroyed))
  }

  async stop(): Promise<void> {
    this.resume()
    this.exempt = undefined
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #spared(socket: Socket): boolean {
    return this.exempt !== undefined && this.#from.get(socket) === this.exempt
  }

  #connect(client: Socket, server: Socket): void {
    for (const socket of [client, server]) this.#from.set(socket, client.remoteAddress)
    if (this.refuse && !this.#spared(client)) {
      client.destroy()
      server.destroy()
      return
    }
    this.#carry(client, server, (chunk) => {
      this.received += chunk.length
      return true
    })
    this.#carry(server, client, (chunk) => !this.loseReplies && !this.#tears(server, client, chunk))
  }

  #tears(server: Socket, client: Socket, chunk: Buffer): boolean {
    const part = this.#torn.get(server)
    if (part === undefined) return false
    this.#torn.delete(server)
    client.end(chunk.subarray(0, Math.floor(chunk.length * part)), () => server.destroy())
    return true
  }

  #carry(from: Socket, to: Socket, passes: (chunk: Buffer) => boolean): void {
    this.#sockets.add(from)
    let last = Promise.resolve()
    from.on('data', (chunk) => {
      const due = performance.now() + this.delay
      last = last.then(async () => {
        if (due > performance.now()) await sleep(due - performance.now())
        while (this.#paused) await this.#paused
        if (!this.#silent.has(from) && passes(chunk) && to.writable) to.write(chunk)
      })
    })
    from.on('end', () => {
      last = last.then(async () => {
        while (this.#paused) await this.#paused
        if (!this.#silent.has(from)) to.end()
      })
    })
    from.on('error', () => {})
    from.on('close', () => {
      this.#sockets.delete(from)
      this.#torn.delete(from)
      this.#silent.delete(from)
      to.destroy()
    })
  }
}
