// The bare loop as a worker; messages are sent by the library.
import type { Adapter, Server } from '../adapter.ts'
import { startBareLoop } from '../bare-loop.ts'
import { open as openBoomerang } from './boomerang.ts'

export async function open(server: Server): Promise<Adapter> {
  const boomerang = await openBoomerang(server)
  return {
    ...boomerang,
    ceiling: 200_000,
    work: ({ concurrency }, handle) => startBareLoop(server, concurrency, handle),
  }
}
