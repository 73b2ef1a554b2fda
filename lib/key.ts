// An idempotency key is stored as a digest of 22 characters: 6 hexadecimal, 16 of base64 (120 bits of SHA-256). Its first
// 14 characters (72 bits) are its mark once it is done (lua/_mark.lua).
import { hash } from 'node:crypto'
import { InvalidName } from './errors.ts'
import { hexOf } from './id.ts'

/** Stands for "no key" where a script takes one for each message. */
export const NO_KEY = ' '.repeat(22)

/** The digest of an idempotency key of 1 to 512 characters; a message with a group has its keys in the group. */
export function keyDigest(key: unknown, group?: string): string {
  if (typeof key !== 'string' || key.length < 1 || key.length > 512) {
    const got = typeof key === 'string' ? `${key.length} characters` : typeof key
    throw new InvalidName(`an idempotency key is a text of 1 to 512 characters, got ${got}`)
  }
  const digest = hash('sha256', group === undefined ? key : `${group}\n${key}`, 'base64url')
  return hexOf(digest, 0) + digest.slice(4, 20)
}

/** The digest by which a payload is compared with the first one under its key: 12 characters, 72 bits. */
export function payloadDigest(payload: Uint8Array): string {
  return hash('sha256', payload, 'base64url').slice(0, 12)
}

/** The number by which a key has its home among the partitions. */
export function hashOfKey(digest: string): number {
  return Number.parseInt(digest.slice(0, 6), 16)
}

/** By which a group has its home: a sum that is exact in doubles. */
export function groupHash(group: string): number {
  let hash = 0
  for (let i = 0; i < group.length; i++) hash = (hash * 31 + group.charCodeAt(i)) % 4_294_967_296
  return hash
}
