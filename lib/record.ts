// A stored message: a head that scripts read, an envelope that only clients read, and the body (see docs/keys.md).
//
//   record := kind [key] body                                      kind: t b m, a capital when a key follows
//           | ('a' | 'A' key) group LF originBytes ' ' envelopeBytes LF origin envelope kind body
import { decode, encode } from './body.ts'

const KEY = 22
const ENVELOPED = 0x61
const LF = 0x0a
const SPACE = 0x20

/** A message attribute: `type` is String, Number or Binary, with a suffix of the sender's where it has one. */
export interface Attribute {
  type: string
  value: string | Buffer
}

/** What travels beside the body. */
export interface Envelope {
  group?: string | undefined
  deduplicationId?: string | undefined
  attributes?: Record<string, Attribute> | undefined
  trace?: string | undefined
  sender?: string | undefined
}

/** Where a message was before it became a dead letter. */
export interface Origin {
  source: string
  /** ms on Redis's clock. */
  diedAt: number
  /** 'maxReceives' or 'rejected'. */
  reason: string
  error: string
}

export interface Parts {
  /** Digest of the idempotency key. */
  key: string | undefined
  envelope: Envelope
  origin: Origin | undefined
  /** Kind and bytes of the body. */
  body: Buffer
}

/** Short names, for they are stored with each message. */
interface Packed {
  d?: string
  a?: Record<string, [type: string, value: string | Buffer]>
  t?: string
  s?: string
}

const isCapital = (kind: number) => kind >= 0x41 && kind <= 0x5a

/** Whether a stored record is kind and body, and nothing else. */
export function isPlain(record: Buffer): boolean {
  return (record[0] as number) > ENVELOPED
}

/** Whether a stored record has a head: a group, an origin or an envelope. */
export function isEnveloped(record: Buffer): boolean {
  return record.length > 0 && ((record[0] as number) | 0x20) === ENVELOPED
}

/** Digest of the idempotency key under which a stored message was sent. */
export function keyOf(record: Buffer): string | undefined {
  return isCapital(record[0] as number) ? record.toString('latin1', 1, 1 + KEY) : undefined
}

/** The group of a stored message. */
export function groupOf(record: Buffer): string | undefined {
  const kind = record[0] as number
  if ((kind | 0x20) !== ENVELOPED) return undefined
  const from = isCapital(kind) ? 1 + KEY : 1
  return record.toString('latin1', from, record.indexOf(LF, from)) || undefined
}

/** What stands before a body (kind and bytes) and says what travels beside it; `armor` is applied to the envelope. */
export function headOf(envelope: Envelope, armor: (encoded: Buffer) => Buffer): Buffer {
  const packed = pack(envelope)
  const bytes = packed ? armor(encode(packed)) : Buffer.alloc(0)
  return Buffer.concat([Buffer.from(`a${envelope.group ?? ''}\n0 ${bytes.length}\n`, 'latin1'), bytes])
}

/** A payload with its idempotency key: the kind becomes a capital, the key's digest follows it. */
export function keyed(payload: Buffer, key: string): Buffer {
  const whole = Buffer.allocUnsafe(KEY + payload.length)
  whole[0] = (payload[0] as number) - 0x20
  whole.write(key, 1, 'latin1')
  payload.copy(whole, KEY + 1, 1)
  return whole
}

/** The parts of a stored record; `bare` undoes `armor`. */
export function parse(record: Buffer, bare: (armored: Buffer) => Buffer): Parts {
  const key = keyOf(record)
  const kind = (record[0] as number) | 0x20
  const from = key === undefined ? 1 : 1 + KEY
  if (kind !== ENVELOPED) {
    if (key === undefined) return { key, envelope: {}, origin: undefined, body: record }
    const body = Buffer.from(record.subarray(KEY))
    body[0] = kind
    return { key, envelope: {}, origin: undefined, body }
  }
  const groupEnd = record.indexOf(LF, from)
  const space = record.indexOf(SPACE, groupEnd)
  const headEnd = record.indexOf(LF, space)
  const originEnd = headEnd + 1 + Number(record.toString('latin1', groupEnd + 1, space))
  const envelopeEnd = originEnd + Number(record.toString('latin1', space + 1, headEnd))
  const envelope = unpack(record.subarray(originEnd, envelopeEnd), bare)
  const group = record.toString('latin1', from, groupEnd)
  if (group !== '') envelope.group = group
  const origin = originOf(record.toString('utf8', headEnd + 1, originEnd))
  return { key, envelope, origin, body: record.subarray(envelopeEnd) }
}

function originOf(text: string): Origin | undefined {
  const [, source, diedAt, reason, error] = /^(\S+) (\d+) (\S+) ?(.*)$/s.exec(text) ?? []
  if (source === undefined || reason === undefined) return undefined
  return { source, diedAt: Number(diedAt), reason, error: error ?? '' }
}

function pack({ deduplicationId, attributes, trace, sender }: Envelope): Packed | undefined {
  const packed: Packed = {}
  if (deduplicationId !== undefined) packed.d = deduplicationId
  if (attributes !== undefined && Object.keys(attributes).length > 0) {
    packed.a = Object.fromEntries(Object.entries(attributes).map(([name, { type, value }]) => [name, [type, value]]))
  }
  if (trace !== undefined) packed.t = trace
  if (sender !== undefined) packed.s = sender
  return Object.keys(packed).length > 0 ? packed : undefined
}

function unpack(bytes: Buffer, bare: (armored: Buffer) => Buffer): Envelope {
  if (bytes.length === 0) return {}
  const { d, a, t, s } = decode(bare(bytes)) as Packed
  const envelope: Envelope = {}
  if (d !== undefined) envelope.deduplicationId = d
  if (a !== undefined) {
    const entries = Object.entries(a).map(([name, [type, value]]) => [name, { type, value }] as const)
    envelope.attributes = Object.fromEntries(entries)
  }
  if (t !== undefined) envelope.trace = t
  if (s !== undefined) envelope.sender = s
  return envelope
}
