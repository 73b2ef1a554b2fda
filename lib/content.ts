// How a queue's bodies become payloads and back: encoding, `body: 'json'`, the schema.
import { createHash } from 'node:crypto'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { decode, encode } from './body.ts'
import { MessageTooLarge, SchemaMismatch } from './errors.ts'
import { payloadDigest } from './key.ts'
import { type Envelope, headOf, isPlain, type Parts, parse } from './record.ts'
import type { Connection } from './redis/connection.ts'

/** Senders whose heads are kept. */
const MOST_SENDERS = 100

export class Content<Body = unknown> {
  /** Heads of messages that name their sender and nothing else. */
  readonly #senders = new Map<string, Buffer>()

  constructor(
    private readonly connection: Connection,
    readonly schema: StandardSchemaV1<unknown, Body> | undefined,
    private readonly json: boolean,
  ) {}

  /** Kind and bytes of a body; with the attributes beside it (`besides`, bytes) no longer than `max`. */
  encode(body: unknown, max: number, besides = 0): Buffer {
    const encoded = encode(body)
    checkSize(encoded, max, besides)
    return this.#armor(encoded)
  }

  /** Refuse an encoded body that is longer than `max`, with the attributes beside it. */
  checkSize(payload: Buffer, max: number, besides: number): void {
    checkSize(this.#bare(payload), max, besides)
  }

  /** A payload with what travels beside the body. */
  enveloped(payload: Buffer, envelope: Envelope): Buffer {
    return Buffer.concat([this.#head(envelope), payload])
  }

  /** A payload with who sends it, and nothing else. */
  from(sender: string, payload: Buffer): Buffer {
    return Buffer.concat([this.#senderHead(sender), payload])
  }

  #head(envelope: Envelope): Buffer {
    return headOf(envelope, (encoded) => this.#armor(encoded))
  }

  /** A server sends for few users again and again. */
  #senderHead(sender: string): Buffer {
    let head = this.#senders.get(sender)
    if (head === undefined) {
      if (this.#senders.size >= MOST_SENDERS) this.#senders.clear()
      this.#senders.set(sender, (head = this.#head({ sender })))
    }
    return head
  }

  /** The parts of a stored record. */
  parts(record: Buffer): Parts {
    return parse(record, (armored) => this.#bare(armored))
  }

  /** SHA-256 of an encoded body, by which FIFO queues tell equal ones. */
  digest(payload: Buffer): string {
    return createHash('sha256').update(this.#bare(payload).subarray(1)).digest('hex')
  }

  /**
   * The digest by which what is sent under a key is compared with what was first: a repeat may come with another trace, or
   * another deduplication id, and says the same by its body and its attributes.
   */
  print(body: Buffer, attributes: Envelope['attributes']): string {
    return payloadDigest(attributes ? this.enveloped(body, { attributes }) : body)
  }

  /** The same of a stored record. */
  printOf(record: Buffer): string {
    const { body, envelope } = this.parts(record)
    return this.print(body, envelope.attributes)
  }

  /** A result as it is kept. */
  encodeResult(result: unknown): Buffer | undefined {
    return result === undefined ? undefined : this.#armor(encode(result, 'result'))
  }

  decodeResult(value: Buffer): unknown {
    return value.length === 0 ? undefined : decode(this.#bare(value))
  }

  /** The body in a stored record; throws SchemaMismatch where it should be JSON and is not. */
  body(record: Buffer): unknown {
    const body = this.#decoded(record)
    return this.json && typeof body === 'string' ? parsed(body) : body
  }

  /** The body for one who only looks: what should be JSON and is not is shown as text. */
  shown(record: Buffer): unknown {
    try {
      return this.body(record)
    } catch {
      return this.#decoded(record)
    }
  }

  #decoded(record: Buffer): unknown {
    // Most records are a body and nothing else.
    if (isPlain(record)) return decode(this.#bare(record))
    return decode(this.#bare(this.parts(record).body))
  }

  /** The body as the schema gives it; throws SchemaMismatch. */
  async checked(body: unknown): Promise<Body> {
    if (!this.schema) return body as Body
    const { issues, ...rest } = await this.schema['~standard'].validate(body)
    if (!issues) return (rest as { value: Body }).value
    const list = issues.map(({ message, path }) => {
      const at = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
      return at ? `${at}: ${message}` : message
    })
    throw new SchemaMismatch(`the body does not fit the queue's schema: ${list.join('; ')}`)
  }

  // The embedded store's Lua knows only text, so there the bytes behind the kind are base64.
  #armor(encoded: Buffer): Buffer {
    if (this.connection.kind !== 'memory') return encoded
    return Buffer.from(String.fromCharCode(encoded[0] as number) + encoded.toString('base64', 1), 'latin1')
  }

  #bare(armored: Buffer): Buffer {
    if (this.connection.kind !== 'memory') return armored
    return Buffer.concat([armored.subarray(0, 1), Buffer.from(armored.toString('latin1', 1), 'base64')])
  }
}

function checkSize(encoded: Buffer, max: number, besides: number): void {
  const size = encoded.length - 1 + besides
  if (size <= max) return
  throw Object.assign(
    new MessageTooLarge(`the message has ${size} bytes, the queue takes up to ${max} (\`maxMessageSize\`)`),
    { limit: max },
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SchemaMismatch(`the body is not JSON: ${(cause as Error).message}`, { cause })
  }
}
