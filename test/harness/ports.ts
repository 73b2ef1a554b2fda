// Free ports, below the range that systems hand out by themselves. A cluster node takes a second port, 10,000 above its
// first, so both have to be free.
import { createServer } from 'node:net'

const lowest = 11_000
const highest = 22_000
const busOffset = 10_000

export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if ((await isFree(port)) && (await isFree(port + busOffset))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
