// From the text of --redis to what `connect` takes; and keeping the passwords in it off the screen.
import type { Where } from '../index.ts'

export interface Kind {
  /** One URL is that of a cluster, too. */
  cluster?: boolean | undefined
  /** The URLs are those of sentinels; the name of the group that they watch. */
  sentinel?: string | undefined
}

/** One URL; or a cluster: several with commas between them, or one with `cluster` set; or the sentinels of a group. */
export function where(text: string, { cluster = false, sentinel }: Kind = {}): Where {
  const urls = text
    .split(',')
    .map((url) => url.trim())
    .filter(Boolean)
  if (!cluster && sentinel === undefined && urls.length < 2) return text.trim()
  const [first, ...others] = urls.map(parsed)
  if (!first) return text
  const { username, password, protocol } = first
  const usual = sentinel === undefined ? 6379 : 26_379
  const servers = [first, ...others].map(({ hostname, port }) => ({ host: hostname, port: Number(port || usual) }))
  return {
    ...(sentinel === undefined ? { nodes: servers } : { sentinels: servers, name: sentinel }),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

function parsed(url: string): URL {
  return new URL(/^\w+:\/\//.test(url) ? url : `redis://${url}`)
}

/** The text without the passwords of the URLs in it. */
export function redacted(text: string): string {
  return text.replace(/(\w+:\/\/[^\s:@/]*):[^\s,]*@/g, '$1:***@').replace(/([?&]password=)[^&\s'"]*/gi, '$1***')
}
