// Where a request came from: by its connection, or by what proxies say that are trusted.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { InvalidOption } from '../index.ts'
import type { Origin } from './wire/protocol.ts'

export class Origins {
  readonly #trusted = new BlockList()
  readonly #any: boolean

  /** Addresses, or ranges of them such as 10.0.0.0/8, whose X-Forwarded headers count. */
  constructor(trusted: string[]) {
    for (const range of trusted) this.#trust(range)
    this.#any = trusted.length > 0
  }

  of({ socket, headers }: IncomingMessage): Origin {
    const ip = plain(socket.remoteAddress ?? '')
    const scheme = (socket as TLSSocket).encrypted ? 'https' : 'http'
    const direct: Origin = { ip, scheme, host: headers.host ?? '' }
    return this.#any && this.#trusts(ip) ? this.#forwarded(direct, headers) : direct
  }

  // What the nearest proxy has added stands to the right; anybody can have written what is left of it.
  #forwarded({ ip, scheme, host }: Origin, headers: IncomingMessage['headers']): Origin {
    const hops = listed(headers['x-forwarded-for']).map(plain)
    let from = ip
    while (this.#trusts(from) && isIP(hops.at(-1) ?? '')) from = hops.pop() as string
    const said = listed(headers['x-forwarded-proto']).at(-1)
    return {
      ip: from,
      scheme: said === 'http' || said === 'https' ? said : scheme,
      host: listed(headers['x-forwarded-host']).at(-1) ?? host,
    }
  }

  #trusts(ip: string): boolean {
    return isIP(ip) > 0 && this.#trusted.check(ip, family(ip))
  }

  #trust(range: string): void {
    const [ip = '', bits = family(ip) === 'ipv4' ? '32' : '128'] = range.trim().split('/')
    try {
      if (!/^\d{1,3}$/.test(bits)) throw new RangeError(bits)
      this.#trusted.addSubnet(ip, Number(bits), family(ip))
    } catch (cause) {
      const wanted = 'an address or a range such as 10.0.0.0/8'
      throw new InvalidOption(`\`trustProxy\` must be ${wanted}, got '${range}'`, { cause })
    }
  }
}

function family(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 6 ? 'ipv6' : 'ipv4'
}

/** Without the port that some proxies add, and IPv4 as such. */
function plain(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address
  if (isIP(mapped)) return mapped
  return /^\[(.*)\](?::\d+)?$/.exec(mapped)?.[1] ?? mapped.replace(/:\d+$/, '')
}

function listed(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}
