// The MD5 digests by which clients check what was stored and what they received. MD5 is SQS's choice; nothing is secured by it.
import { createHash, type Hash, hash } from 'node:crypto'

/** An attribute of a message as the library has it. */
interface Attribute {
  type: string
  value: string | Uint8Array
}

const TEXT = Buffer.of(1)
const BINARY = Buffer.of(2)

export function md5OfBody(body: string): string {
  return hash('md5', body)
}

/** Undefined where there are none. For system attributes likewise. */
export function md5OfAttributes(attributes: Readonly<Record<string, Attribute>> | undefined): string | undefined {
  if (attributes === undefined) return undefined
  // No name has characters beyond U+FFFF, so the order of UTF-16 is that of the bytes.
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const digest = createHash('md5')
  for (const name of names) add(digest, name, attributes[name] as Attribute)
  return digest.digest('hex')
}

/** Of the one system attribute that a sender can give. */
export function md5OfTrace(trace: string | undefined): string | undefined {
  return trace === undefined ? undefined : md5OfAttributes({ AWSTraceHeader: { type: 'String', value: trace } })
}

function add(digest: Hash, name: string, { type, value }: Attribute): void {
  measured(digest, name)
  measured(digest, type)
  digest.update(type.startsWith('Binary') ? BINARY : TEXT)
  measured(digest, value)
}

function measured(digest: Hash, value: string | Uint8Array): void {
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(Buffer.byteLength(value))
  digest.update(length).update(value)
}
