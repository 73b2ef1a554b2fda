// Message ids are UUIDv7: 48 bits of time, 12 bits of partition in `rand_a`, 60 random bits. The time is Redis's, as this
// process last heard it (`clock`), so that ids made by clients with wrong clocks still say when their messages were sent.
// Inside and in Redis an id is 20 characters that sort like the UUID: 8 for the time, 2 for the partition, 10 random.
// 20 characters cost Redis as much memory as the 16 bytes (both fill a 24-byte allocation) and stay plain text.
import { randomFillSync } from 'node:crypto'
import { InvalidName } from './errors.ts'

const ALPHABET = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const DIGIT = new Uint8Array(128)
for (let i = 0; i < 64; i++) DIGIT[ALPHABET.charCodeAt(i)] = i
const TWO = Array.from({ length: 4096 }, (_, i) => (ALPHABET[i >> 6] as string) + ALPHABET[i & 63])
const HEX = Array.from({ length: 4096 }, (_, i) => i.toString(16).padStart(3, '0'))

/** An id as it is stored (20 characters) and as it is shown (a UUID). */
export interface Id {
  short: string
  uuid: string
}

const random = new Uint32Array(1024)
let used = random.length
function next(): number {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  return random[used++] as number
}

/** Redis's clock, as far as this process knows it: its last answer and the time since. */
export const clock = {
  offset: Date.now() - performance.now(),
  now(): number {
    return Math.floor(performance.now() + clock.offset)
  },
  set(ms: number): void {
    clock.offset = ms - performance.now()
    if (last > ms + 1000) last = 0 // ids made before the first answer had this process's own clock
  },
}

let last = 0
let counter = 0
let time = ''
let timeHex = ''
let high = ''
let highHex = ''

/** The next 36 high random bits; ids of one process and millisecond share them and count in the low 24. */
function turn(ms: number): void {
  if (ms !== last) {
    last = ms
    const upper = Math.floor(ms / 0x1000000)
    const lower = ms % 0x1000000
    time = two(upper) + two(lower)
    timeHex = `${hex(upper)}${hex(lower).slice(0, 2)}-${hex(lower).slice(2)}`
  }
  const [a, b, c] = [next() & 4095, next() & 4095, next() & 4095]
  high = (TWO[a] as string) + TWO[b] + TWO[c]
  highHex = `8${HEX[a]}-${HEX[b]}${HEX[c]}`
  counter = next() & 0x7fffff
}
const two = (bits: number) => (TWO[bits >>> 12] as string) + TWO[bits & 4095]
const hex = (bits: number) => (HEX[bits >>> 12] as string) + HEX[bits & 4095]

/** A fresh id in the partition. Ids that one process makes for a partition rise. */
export function newId(partition: number): Id {
  const ms = clock.now()
  if (ms > last || counter === 0xffffff) turn(Math.max(ms, last))
  counter++
  const upper = counter >>> 12
  const lower = counter & 4095
  return {
    short: time + TWO[partition] + high + TWO[upper] + TWO[lower],
    uuid: `${timeHex}-7${HEX[partition]}-${highHex}${HEX[upper]}${HEX[lower]}`,
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/

/** The stored form of a UUID that `send` answered or made. */
export function shorten(uuid: string): string {
  const text = typeof uuid === 'string' ? uuid.toLowerCase() : ''
  if (!UUID.test(text)) throw new InvalidName(`a message id is the UUID that a send answered, got '${uuid}'`)
  const digits = text.replaceAll('-', '')
  const bits = digits.slice(0, 12) + digits.slice(13, 16) + digits.slice(17)
  let short = ''
  for (let i = 0; i < 30; i += 3) short += TWO[Number.parseInt(bits.slice(i, i + 3), 16)]
  return short
}

/** The UUID of a stored id. */
export function lengthen(short: string): string {
  let bits = ''
  for (let i = 0; i < 20; i += 2) bits += HEX[pair(short, i)]
  return `${bits.slice(0, 8)}-${bits.slice(8, 12)}-7${bits.slice(12, 15)}-8${bits.slice(15, 18)}-${bits.slice(18)}`
}

/** When the message was sent: ms on Redis's clock, as its sender knew it. */
export function timeOf(short: string): number {
  let time = 0
  for (let i = 0; i < 8; i += 2) time = time * 4096 + pair(short, i)
  return time
}

/** The partition to which the message was sent. */
export function partitionOf(short: string): number {
  return pair(short, 8)
}

function pair(text: string, at: number): number {
  return ((DIGIT[text.charCodeAt(at)] as number) << 6) | (DIGIT[text.charCodeAt(at + 1)] as number)
}

/** Four characters of base64 (24 bits) in hexadecimal. */
export function hexOf(text: string, at: number): string {
  return (HEX[pair(text, at)] as string) + HEX[pair(text, at + 2)]
}

/**
 * The mark by which a completed id is remembered (lua/_mark.lua): the 24 counting bits in hexadecimal, so that ids made
 * together are remembered together, then the 36 random bits and the low 12 of the time.
 */
export function markOf(short: string): string {
  return hexOf(short, 16) + short.slice(10, 16) + short.slice(6, 8)
}
