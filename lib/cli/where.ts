// From the text of --redis to what `connect` takes; and keeping the passwords in it off the screen.
import type { Where } from '../index.ts'

/** One URL; or a cluster: several with commas between them, or one with `cluster` set. */
export function where(text: string, cluster = false): Where {
  const urls = text
    .split(',')
    .map((url) => url.trim())
    .filter(Boolean)
  if (!cluster && urls.length < 2) return text.trim()
  const [first, ...others] = urls.map(parsed)
  if (!first) return text
  const { username, password, protocol } = first
  return {
    nodes: [first, ...others].map(({ hostname, port }) => ({ host: hostname, port: Number(port || 6379) })),
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
