// Bodies travel as one kind character and bytes: text as UTF-8, bytes as they are, any other value as MessagePack.
import { Packr, RESERVE_START_SPACE } from 'msgpackr'
import { InvalidBody } from './errors.ts'

const packr = new Packr({ useRecords: false })
// Packed bodies are slices of blocks of this size: with the packer's own 8 KiB, allocating them is a tenth of a send.
packr.useBuffer(Buffer.allocUnsafeSlow(64 * 1024))
/** Leaves room for the kind in front. */
const BEHIND_KIND = RESERVE_START_SPACE | 1
const TEXT = 0x74
const BYTES = 0x62
const VALUE = 0x6d
const BROKEN_TEXT = 'has half of a surrogate pair, which UTF-8 cannot hold'

/** Kind and bytes of a body or result. What could not be restored as it was is refused with its path. */
export function encode(body: unknown, what = 'body'): Buffer {
  if (typeof body === 'string') {
    if (!body.isWellFormed()) throw new InvalidBody(`${what} ${BROKEN_TEXT}`)
    return Buffer.from(`t${body}`)
  }
  if (body instanceof Uint8Array) return withKind(BYTES, body)
  if (body === undefined) throw new InvalidBody(`${what} is undefined; use null for "nothing"`)
  const found = fault(body, 0)
  if (found) throw new InvalidBody(`${what}${found.path} ${found.reason}`)
  const encoded = packr.pack(body, BEHIND_KIND)
  encoded[0] = VALUE
  return encoded
}

/** The body of what `encode` made; `bytes` may be a part of a larger buffer. */
export function decode(bytes: Buffer): unknown {
  switch (bytes[0]) {
    case TEXT:
      return bytes.toString('utf8', 1)
    case BYTES:
      return Buffer.from(bytes.subarray(1))
    case VALUE:
      return packr.unpack(bytes, { start: 1, end: bytes.length })
    default:
      throw new InvalidBody(`stored body of unknown kind ${bytes[0]}; a newer release may have written it`)
  }
}

function withKind(kind: number, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(bytes.length + 1)
  whole[0] = kind
  whole.set(bytes, 1)
  return whole
}

/** What cannot be stored, and where in the value it stands. */
interface Fault {
  path: string
  reason: string
}

const MAX_DEPTH = 100

function fault(value: unknown, depth: number): Fault | undefined {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return undefined
    case 'string':
      return value.isWellFormed() ? undefined : { path: '', reason: BROKEN_TEXT }
    case 'bigint':
      return BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value
        ? undefined
        : { path: '', reason: 'is a bigint of more than 64 bits' }
    case 'object':
      return value === null ? undefined : faultWithin(value, depth)
    default:
      return { path: '', reason: `is a ${typeof value}, which cannot be stored` }
  }
}

function faultWithin(value: object, depth: number): Fault | undefined {
  if (value instanceof Uint8Array) return undefined
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? { path: '', reason: 'is an invalid Date' } : undefined
  if (depth > MAX_DEPTH) return { path: '', reason: `is nested more than ${MAX_DEPTH} deep, or refers to itself` }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = fault(value[i], depth + 1)
      if (found) return { path: `[${i}]${found.path}`, reason: found.reason }
    }
    return undefined
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return { path: '', reason: `is a ${value.constructor?.name ?? 'strange object'}, which would not come back as one` }
  }
  for (const key in value) {
    if (!key.isWellFormed()) return { path: '', reason: `has a name that ${BROKEN_TEXT}` }
    if (key === '__proto__') return { path: '.__proto__', reason: 'is a name that cannot be restored' }
    const found = fault((value as Record<string, unknown>)[key], depth + 1)
    if (found) return { path: `.${key}${found.path}`, reason: found.reason }
  }
  return undefined
}
