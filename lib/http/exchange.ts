// From a request to its answer: which action, who asks, may they, what comes of it.
import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { sqs } from '../index.ts'
import type { Access } from './access/access.ts'
import type { Identity } from './access/identity.ts'
import { SignatureMismatch } from './access/signature.ts'
import type { Action } from './actions/action.ts'
import { ACTIONS } from './actions/index.ts'
import { refuseBrowsers } from './browsers.ts'
import { Asked } from './call.ts'
import type { Served } from './listener.ts'
import { addressOf, baseUrl, queueOfPath, takesQueueUrl } from './queue-url.ts'
import type { Accounts } from './queues.ts'
import { answeredIn, asked } from './wire/asked.ts'
import { decode, encode } from './wire/codec.ts'
import type { Answer, Incoming, Protocol } from './wire/protocol.ts'
import { refused, unknownAction } from './wire/refusals.ts'

export interface ExchangeOptions {
  access: Access
  accounts: Accounts
  /** Of the URLs of queues; by the requests' hosts unless given. */
  publicUrl: URL | undefined
}

/** A request that was answered. */
export interface Exchanged {
  requestId: string
  action: string
  /** Of the request. */
  protocol: Protocol
  /** The ARN of who asked. */
  by: string
  ip: string
  status: number
  ms: number
  /** Where a signature is not right: what should have been signed. */
  signed?: string
}

/** An answer of status 500: a mistake of the server. */
export interface Failure {
  requestId: string
  error: unknown
}

interface Events {
  exchanged: [Exchanged]
  failure: [Failure]
}

/** What has become known of a request, as it is dealt with. */
interface Progress {
  action: string
  protocol: Protocol
  identity?: Identity
  call?: Asked
  signed?: string | undefined
}

export class Exchange extends EventEmitter<Events> {
  /** Replaced when the configuration is read anew. */
  access: Access
  readonly #accounts: Accounts
  readonly #publicUrl: URL | undefined
  /** Of all paths: that of the public URL. */
  readonly #base: string

  constructor({ access, accounts, publicUrl }: ExchangeOptions) {
    super()
    this.access = access
    this.#accounts = accounts
    this.#publicUrl = publicUrl
    this.#base = publicUrl?.pathname.replace(/\/$/, '') ?? ''
  }

  /** Never rejects. */
  async serve(incoming: Incoming): Promise<Served> {
    const watched = this.listenerCount('exchanged') > 0
    const begun = watched ? performance.now() : 0
    const requestId = randomUUID()
    const protocol = answeredIn(incoming)
    const progress: Progress = { action: '', protocol }
    let served: Served
    try {
      served = await this.#serve(incoming, protocol, requestId, progress)
    } catch (error) {
      await progress.call?.back?.()
      if (error instanceof SignatureMismatch) progress.signed = error.signed
      served = { answer: this.#refused(protocol, error, requestId) }
    }
    if (watched) {
      const ms = performance.now() - begun
      const { identity, action, protocol, signed } = progress
      const { status } = served.answer
      const told = { requestId, action, protocol, by: identity?.arn ?? '', ip: incoming.origin.ip, status, ms }
      this.emit('exchanged', signed === undefined ? told : { ...told, signed })
    }
    return served
  }

  /** The answer to a request whose body was not read. */
  turnAway({ headers }: { headers: IncomingHttpHeaders }, error: unknown): Answer {
    return this.#refused(answeredIn({ headers }), error, randomUUID())
  }

  async #serve(incoming: Incoming, protocol: Protocol, requestId: string, progress: Progress): Promise<Served> {
    const wanted = asked(incoming)
    progress.action = wanted.action
    progress.protocol = wanted.protocol
    const identity = this.access.authenticate(incoming, protocol)
    progress.identity = identity
    if (identity.kind === 'anyone') refuseBrowsers(incoming, this.#publicUrl)
    const action = this.#action(wanted.action, wanted.protocol, incoming)
    const input = decode(wanted, incoming, action.input)
    const call = await this.#call(action, input, incoming, protocol, identity)
    progress.call = call
    if (identity.kind !== 'anyone') {
      await this.access.authorize(identity, action.needs(input, call), incoming, this.#accounts)
    }
    const result = await action.run(input, call)
    return { answer: encode(protocol, wanted.action, action.output, result, requestId), unsent: call.back }
  }

  // Recorded: at the path of a queue there are only the actions of queues. JSON goes to any path.
  #action(name: string, protocol: Protocol, { path }: Incoming): Action {
    const action = ACTIONS[name] ?? unknownAction(name)
    if (protocol === 'query' && !takesQueueUrl(action) && queueOfPath(path, this.#base)) unknownAction(name)
    return action
  }

  async #call(
    action: Action,
    input: Record<string, unknown>,
    incoming: Incoming,
    protocol: Protocol,
    identity: Identity,
  ): Promise<Asked> {
    const { account, name } = addressOf(action, input, incoming.path, this.#base)
    // Who is nobody has no account of its own.
    if (account === '' && identity.kind === 'anonymous') {
      sqs.refuse('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
    }
    return new Asked({
      incoming,
      protocol,
      identity,
      account: await this.#accounts.of(account || identity.account),
      queue: name,
      base: () => this.#publicUrl?.href.replace(/\/$/, '') ?? baseUrl(incoming.origin, ''),
    })
  }

  #refused(protocol: Protocol, error: unknown, requestId: string): Answer {
    const answer = refused(protocol, error, requestId)
    if (answer.status === 500) this.emit('failure', { requestId, error })
    return answer
  }
}
