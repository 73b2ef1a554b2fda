// What `boomerang serve` is told, and what of it the endpoint wants.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { InvalidArgumentError } from 'commander'
import type { Certificate, EndpointOptions } from '../../http/index.ts'
import { Refusal } from '../exit.ts'
import { atLeastOne } from '../options.ts'
import type { Shared } from '../session.ts'
import { where } from '../where.ts'

export interface ServeOptions extends Shared {
  port: number
  host: string
  config?: string
  region?: string
  publicUrl?: string
  cert?: string
  key?: string
  trustProxy: string[]
  insecure?: boolean
  processes: number
  maxRequest: number
  maxConnections: number
  grace: number
}

const TIMEOUT = '10s'

/** All but accounts and certificate, which are read from files. */
export function endpointOptions(options: ServeOptions): EndpointOptions {
  const { redis, namespace, region, timeout = TIMEOUT, allowEviction = false, durability } = options
  const { host, port, publicUrl, insecure = false, trustProxy, maxRequest, maxConnections } = options
  return {
    where: where(redis, options),
    connect: {
      namespace,
      timeout,
      allowEviction,
      ...(region !== undefined && { region }),
      ...(durability !== undefined && { durability }),
    },
    host,
    port,
    insecure,
    trustProxy,
    limits: { request: maxRequest, connections: maxConnections },
    ...(publicUrl !== undefined && { publicUrl }),
  }
}

/** Undefined where the server speaks HTTP. */
export function certificateOf({ cert, key }: ServeOptions): Certificate | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) throw new Refusal('--cert and --key are given both or not at all')
  return { cert: read(cert), key: read(key) }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Refusal(`cannot read ${file}: ${(cause as NodeJS.ErrnoException).code}`, { cause })
  }
}

/** 'cores' for as many as the machine has. */
export function processCount(text: string): number {
  return text === 'cores' ? availableParallelism() : atLeastOne(text)
}

const UNITS = { b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 }

export function bytes(text: string): number {
  const [, number, unit = 'b'] = /^(\d+)\s*(b|kib|mib|gib)?$/i.exec(text.trim()) ?? []
  if (number === undefined) throw new InvalidArgumentError('Expected a size such as 8MiB.')
  return Number(number) * UNITS[unit.toLowerCase() as keyof typeof UNITS]
}

export function commaList(text: string): string[] {
  return text.split(',').filter(Boolean)
}
