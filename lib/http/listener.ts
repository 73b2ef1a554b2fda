// The HTTP server: connections, their limits, and how requests become answers on them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { Bodies, HungUp } from './body.ts'
import { Heard } from './heard.ts'
import type { Limits } from './limits.ts'
import type { Origins } from './origin.ts'
import type { Answer, Incoming } from './wire/protocol.ts'

/** PEM texts. */
export interface Certificate {
  cert: string
  key: string
}

/** `unsent`: what to do when the answer does not reach who asked. */
export interface Served {
  answer: Answer
  unsent?: (() => Promise<void>) | undefined
}

export interface Service {
  /** Never rejects. */
  serve(incoming: Incoming): Promise<Served>
  /** The answer to a request whose body was not read, because of `error`. */
  turnAway(request: IncomingMessage, error: unknown): Answer
}

export interface ListenerOptions {
  limits: Limits
  origins: Origins
  tls?: Certificate | undefined
}

/** How long who was turned away may go on sending, so that the answer is not lost with the connection. */
const LINGER = { ms: 1_000, bytes: 1024 * 1024 }
/** For requests that were cut off: their receives give back what they have. */
const LAST_CALLS = 2_000

export class Listener {
  readonly #server: Server
  readonly #bodies: Bodies
  readonly #limits: Limits
  readonly #origins: Origins
  readonly #service: Service
  /** Requests that are not answered yet. */
  readonly #heard = new Set<Heard>()
  /** How many of them each connection has. */
  readonly #sockets = new Map<Socket, number>()
  readonly #undoing = new Set<Promise<void>>()
  #stopping = false

  constructor(service: Service, { limits, origins, tls }: ListenerOptions) {
    this.#service = service
    this.#limits = limits
    this.#origins = origins
    this.#bodies = new Bodies(limits)
    this.#server = serverFor(limits, tls)
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#sockets.set(socket, 0)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('request', (request, response) => void this.#take(request, response))
    // Told before it sends that its body is too large, a client keeps it.
    this.#server.on('checkContinue', (request, response) => {
      if (!this.#bodies.refuses(request)) response.writeContinue()
      void this.#take(request, response)
    })
  }

  get server(): Server {
    return this.#server
  }

  listen(port: number, host: string): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        resolve(this.#server.address() as AddressInfo)
      })
    })
  }

  /** For connections from now on. */
  renew(tls: Certificate): void {
    ;(this.#server as SecureServer).setSecureContext({ ...tls, minVersion: 'TLSv1.2' })
  }

  /** No new connections; what runs may end, waits at once; after `grace` ms the rest is cut off. */
  async stop(grace: number): Promise<void> {
    this.#stopping = true
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const [socket, waiting] of this.#sockets) if (waiting === 0) socket.destroy()
    for (const heard of this.#heard) heard.end()
    const late = setTimeout(() => this.#server.closeAllConnections(), grace)
    await closed
    clearTimeout(late)
    const end = performance.now() + LAST_CALLS
    while (this.#heard.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    await Promise.all(this.#undoing)
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request
    const waiting = (this.#sockets.get(socket) ?? 0) + 1
    this.#sockets.set(socket, waiting)
    // Nobody who wants an answer sends so many requests without waiting for one.
    if (waiting > this.#limits.pipelined) return void socket.destroy()
    await this.#answer(request, response)
    // One that is closed is forgotten.
    const left = this.#sockets.get(socket)
    if (left !== undefined) this.#sockets.set(socket, left - 1)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.rawHeaders.length > 2 * this.#limits.headers) return tooManyHeaders(response)
    let body: Buffer
    try {
      body = await this.#bodies.read(request)
    } catch (error) {
      if (!(error instanceof HungUp)) this.#turnAway(request, response, error)
      return
    }
    const heard = new Heard(request, response, body, this.#origins.of(request))
    this.#heard.add(heard)
    if (this.#stopping) heard.end()
    const { answer, unsent } = await this.#service.serve(heard)
    this.#heard.delete(heard)
    this.#bodies.giveUp(body.length)
    if (unsent) this.#watch(response, unsent)
    if (response.closed) return
    if (this.#stopping) response.shouldKeepAlive = false
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body)
  }

  #watch(response: ServerResponse, unsent: () => Promise<void>): void {
    const { socket } = response
    let sent = false
    const undo = () => {
      const undoing = unsent().finally(() => this.#undoing.delete(undoing))
      this.#undoing.add(undoing)
    }
    if (response.closed) undo()
    // Node says 'finish' of what it had to throw away, too.
    else
      response.once('finish', () => {
        sent = !socket?.destroyed
      })
    response.once('close', () => sent || undo())
  }

  // A connection that is closed while its client still sends is reset, and the answer with it: so it lingers a little.
  #turnAway(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const { status, headers, body } = this.#service.turnAway(request, error)
    response.shouldKeepAlive = false
    response.writeHead(status, headers)
    response.write(body)
    const late = setTimeout(() => response.end(), LINGER.ms)
    response.once('close', () => clearTimeout(late))
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > LINGER.bytes) response.end()
    })
    request.once('end', () => response.end())
    request.resume()
  }
}

function tooManyHeaders(response: ServerResponse): void {
  response.shouldKeepAlive = false
  response.writeHead(431, ['Content-Length', '0']).end()
}

function serverFor(limits: Limits, tls: Certificate | undefined): Server {
  const options = {
    maxHeaderSize: limits.head,
    headersTimeout: limits.headTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.rest,
    connectionsCheckingInterval: limits.check,
    noDelay: true,
  }
  const server = tls
    ? createSecureServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headTimeout })
    : createServer(options)
  server.timeout = limits.stall
  server.maxConnections = limits.connections
  // One more than may be, so that too many are seen: Node leaves out what is past it.
  server.maxHeadersCount = limits.headers + 1
  return server
}
