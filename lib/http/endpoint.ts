// The endpoint: accounts on a Redis, who may use them, and the server that people reach them by.
import { EventEmitter } from 'node:events'
import { type Client, type ConnectOptions, connect, InvalidOption, type Where } from '../index.ts'
import { type Configuration, openAccess } from './access/access.ts'
import { storedPolicy } from './access/policy/parse.ts'
import { Exchange, type Exchanged, type Failure } from './exchange.ts'
import { asksForHealth, Health } from './health.ts'
import { LIMITS, type Limits } from './limits.ts'
import { type Certificate, Listener, type Served } from './listener.ts'
import { isLoopback } from './loopback.ts'
import { Origins } from './origin.ts'
import { Accounts } from './queues.ts'
import type { Answer, Incoming } from './wire/protocol.ts'

export interface EndpointOptions {
  where: Where
  /** What else `connect` takes, for all accounts. The namespace is the account where none are configured. */
  connect?: ConnectOptions
  /** 127.0.0.1 unless given. */
  host?: string
  /** 9324 unless given; 0 for any that is free. */
  port?: number
  /** Where clients reach the server, for the URLs of queues: by the requests' hosts unless given. */
  publicUrl?: string
  /** Who may do what; anybody everything unless given. */
  accounts?: Configuration
  /** Let anybody do everything though other machines can reach the server. */
  insecure?: boolean
  tls?: Certificate
  /** Addresses and ranges of proxies whose X-Forwarded headers count. */
  trustProxy?: string[]
  limits?: Partial<Limits>
}

interface Events {
  /** A request was answered. */
  exchanged: [Exchanged]
  /** A mistake of the server, answered with status 500. */
  failure: [Failure]
  /** Trouble with a connection to Redis; it is being mended. */
  error: [Error]
  /** Connected to Redis again. */
  reconnect: []
  /** Connections were turned away, as so many are open. Said once in 10 s. */
  crowded: [connections: number]
}

const DEFAULTS = { host: '127.0.0.1', port: 9324, namespace: 'default', region: 'us-east-1' }
const GRACE = 30_000
const CROWD = 10_000

export function createEndpoint(options: EndpointOptions): Endpoint {
  return new Endpoint(options)
}

export class Endpoint extends EventEmitter<Events> {
  readonly #options: EndpointOptions
  readonly #accounts: Accounts
  readonly #exchange: Exchange
  readonly #health: Health
  readonly #listener: Listener
  #configuration: Configuration | undefined
  #lastCrowd = Number.NEGATIVE_INFINITY
  #stopped: Promise<void> | undefined

  /** @internal */
  constructor(options: EndpointOptions) {
    super()
    const { namespace = DEFAULTS.namespace, region = options.accounts?.region ?? DEFAULTS.region } =
      options.connect ?? {}
    this.#options = { ...options, connect: { ...options.connect, region } }
    this.#configuration = options.accounts
    this.#accounts = new Accounts({
      connect: (account) => this.#client(account),
      region,
      namespace,
      ...(options.accounts && { known: (id: string) => this.#configuration?.accounts.has(id) === true }),
      policyOf: storedPolicy,
    })
    const publicUrl = options.publicUrl === undefined ? undefined : urlOf(options.publicUrl)
    const access = openAccess(options.accounts ?? 'anyone')
    this.#exchange = new Exchange({ access, accounts: this.#accounts, publicUrl })
    this.#exchange.on('failure', (failure) => this.emit('failure', failure))
    this.#health = new Health(async () => (await this.#redis()).ping({ timeout: '2s' }))
    const limits = { ...LIMITS, ...options.limits }
    const service = {
      serve: (incoming: Incoming) => this.#serve(incoming),
      turnAway: this.#exchange.turnAway.bind(this.#exchange),
    }
    this.#listener = new Listener(service, { limits, origins: new Origins(options.trustProxy ?? []), tls: options.tls })
    this.#listener.server.on('drop', () => this.#crowded(limits.connections))
  }

  /** Connect to Redis, then listen. Answers where. */
  async start(): Promise<URL> {
    const { host = DEFAULTS.host, port = DEFAULTS.port, tls } = this.#options
    await this.#refuseOpenDoors(host)
    // Those who look on are told of what they ask for only.
    if (this.listenerCount('exchanged') > 0) this.#exchange.on('exchanged', (one) => this.emit('exchanged', one))
    try {
      await this.#redis()
      const { port: bound } = await this.#listener.listen(port, host)
      return new URL(`${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`)
    } catch (error) {
      await this.#accounts.close()
      throw error
    }
  }

  /** The same as over a connection. */
  async answer(incoming: Incoming): Promise<Answer> {
    return (await this.#serve(incoming)).answer
  }

  /** A configuration or certificate that has changed counts for requests and connections from now on. */
  renew({ accounts, tls }: Pick<EndpointOptions, 'accounts' | 'tls'>): void {
    if (accounts) {
      // Until now every account has meant the one that there was.
      if (!this.#configuration)
        throw new InvalidOption('a server that was started without accounts cannot be given any')
      this.#configuration = accounts
      this.#exchange.access = openAccess(accounts)
    }
    if (tls) this.#listener.renew(tls)
  }

  /** No new connections; long polls are answered at once, the rest may end within `grace` ms. Then Redis is left. */
  stop(grace = GRACE): Promise<void> {
    this.#health.stopping = true
    this.#stopped ??= this.#listener.stop(grace).then(() => this.#accounts.close())
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0)
  }

  #serve(incoming: Incoming): Promise<Served> {
    if (!asksForHealth(incoming)) return this.#exchange.serve(incoming)
    return this.#health.answer().then((answer) => ({ answer }))
  }

  #crowded(connections: number): void {
    if (performance.now() - this.#lastCrowd < CROWD) return
    this.#lastCrowd = performance.now()
    this.emit('crowded', connections)
  }

  /** A client of the first account: that Redis can be reached shows at the start. */
  async #redis(): Promise<Client> {
    const [first = ''] = this.#configuration?.accounts ?? []
    return (await this.#accounts.of(first)).client
  }

  async #client(namespace: string): Promise<Client> {
    const client = await connect(this.#options.where, { ...this.#options.connect, namespace })
    client.on('error', (error) => this.listenerCount('error') > 0 && this.emit('error', error))
    client.on('reconnect', () => this.emit('reconnect'))
    return client
  }

  async #refuseOpenDoors(host: string): Promise<void> {
    const { accounts, insecure = false } = this.#options
    if (accounts || insecure || (await isLoopback(host))) return
    throw new InvalidOption(
      `${host} can be reached from other machines, so a server there needs accounts (or \`insecure\`, which lets anybody do everything)`,
    )
  }
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text)
    if (/^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url
  }
  throw new InvalidOption(`\`publicUrl\` must be a URL such as https://queues.example.com, got '${text}'`)
}
