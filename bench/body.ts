// The payload that every library carries: about 200 bytes as JSON.

export interface Body {
  url: string
  userId: number
  title: string
  tags: string[]
  width: number
  height: number
  notify: boolean
}

const variety = 1024

const bodies: Body[] = Array.from({ length: variety }, (_, index) => ({
  url: `https://media.example.com/uploads/2024/11/clip-${String(index).padStart(6, '0')}.mp4`,
  userId: 4_200_000 + index,
  title: `Holiday at the seaside, part ${index}`,
  tags: ['family', 'summer'],
  width: 1920,
  height: 1080,
  notify: index % 2 === 0,
}))

let last = 0

/** Bodies take turns, so that making them costs the measured process nothing. */
export function nextBody(): Body {
  last = (last + 1) % variety
  return bodies[last] as Body
}

export function nextBodies(count: number): Body[] {
  return Array.from({ length: count }, nextBody)
}

let keys = 0

export function nextKey(): string {
  keys += 1
  return `upload-${String(keys).padStart(9, '0')}-ready`
}

/** Keeps the handlers' reading of bodies from being optimised away. */
export const seen = { sum: 0 }

export function read(body: Body): void {
  seen.sum += body.userId + body.url.length
}
