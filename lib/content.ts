// How a queue's bodies become payloads and back: encoding, `body: 'json'`, the schema.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { decode, encode } from './body.ts'
import { MessageTooLarge, SchemaMismatch } from './errors.ts'
import type { Connection } from './redis/connection.ts'

const KEY = 22
const isCapital = (kind: number) => kind >= 0x41 && kind <= 0x5a

export class Content<Body = unknown> {
  constructor(
    private readonly connection: Connection,
    readonly schema: StandardSchemaV1<unknown, Body> | undefined,
    private readonly json: boolean,
  ) {}

  /** Kind and bytes of a body, no longer than `max`. */
  encode(body: unknown, max: number): Buffer {
    const encoded = encode(body)
    if (encoded.length - 1 > max) {
      throw new MessageTooLarge(
        `the body has ${encoded.length - 1} bytes, the queue takes up to ${max} (\`maxMessageSize\`)`,
      )
    }
    return this.#armor(encoded)
  }

  /** The payload with its idempotency key: the kind becomes a capital, the key's digest follows it. */
  keyed(payload: Buffer, key: string): Buffer {
    const whole = Buffer.allocUnsafe(KEY + payload.length)
    whole[0] = (payload[0] as number) - 32
    whole.write(key, 1, 'latin1')
    payload.copy(whole, KEY + 1, 1)
    return whole
  }

  /** A result as it is kept. */
  encodeResult(result: unknown): Buffer | undefined {
    return result === undefined ? undefined : this.#armor(encode(result, 'result'))
  }

  decodeResult(value: Buffer): unknown {
    return value.length === 0 ? undefined : decode(this.#bare(value))
  }

  /** Digest of the idempotency key under which a stored message was sent. */
  key(record: Buffer): string | undefined {
    return isCapital(record[0] as number) ? record.toString('latin1', 1, 1 + KEY) : undefined
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
    let encoded = record
    const kind = encoded[0] as number
    if (isCapital(kind)) {
      encoded = Buffer.from(encoded.subarray(KEY))
      encoded[0] = kind + 32
    }
    return decode(this.#bare(encoded))
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SchemaMismatch(`the body is not JSON: ${(cause as Error).message}`, { cause })
  }
}
