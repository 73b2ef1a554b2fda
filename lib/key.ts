// An idempotency key is stored as a digest of 22 characters: 6 hexadecimal, 16 of base64 (120 bits of SHA-256). Its first
// 14 characters (72 bits) are its mark once it is done (lua/_mark.lua).
import { hash } from 'node:crypto'
import { InvalidName } from './errors.ts'
import { hexOf } from './id.ts'

/** Stands for "no key" where a script takes one for each message. */
export const NO_KEY = ' '.repeat(22)

/** The digest of an idempotency key of 1 to 512 characters. */
export function keyDigest(key: unknown): string {
  if (typeof key !== 'string' || key.length < 1 || key.length > 512) {
    const got = typeof key === 'string' ? `${key.length} characters` : typeof key
    throw new InvalidName(`an idempotency key is a text of 1 to 512 characters, got ${got}`)
  }
  const digest = hash('sha256', key, 'base64url')
  return hexOf(digest, 0) + digest.slice(4, 20)
}

/** The digest by which a payload is compared with the first one under its key: 12 characters, 72 bits. */
export function payloadDigest(payload: Uint8Array): string {
  return hash('sha256', payload, 'base64url').slice(0, 12)
}

/** The partition at which a key is unique. */
export function partitionOfKey(digest: string, partitions: number): number {
  return partitions === 1 ? 0 : Number.parseInt(digest.slice(0, 6), 16) % partitions
}
