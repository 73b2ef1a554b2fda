// The parameters of a form and of the query of its URL: split here and not by URLSearchParams, which is slower, takes what is
// broken, and has no bound.
import { isUtf8 } from 'node:buffer'
import { sqs } from '../../index.ts'

/** A batch of 10 messages with 10 attributes each has about 360. */
const MAX_PARAMS = 1000

/** By their names; of several of one name the last one, and those of the body over those of the URL. */
export function paramsOf(search: string, body?: Buffer): Map<string, string> {
  const params = new Map<string, string>()
  const left = take(search, params, MAX_PARAMS)
  if (body !== undefined && body.length > 0) {
    if (!isUtf8(body)) broken()
    take(body.toString(), params, left)
  }
  return params
}

/** How many more there may be. */
function take(text: string, params: Map<string, string>, most: number): number {
  let left = most
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('&', start)
    const end = next === -1 ? text.length : next
    if (end > start) {
      if (left-- === 0) sqs.invalid(`A request can have at most ${MAX_PARAMS} parameters.`)
      const pair = text.slice(start, end)
      const equals = pair.indexOf('=')
      const name = equals === -1 ? pair : pair.slice(0, equals)
      params.set(decoded(name), equals === -1 ? '' : decoded(pair.slice(equals + 1)))
    }
    start = end + 1
  }
  return left
}

function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return broken()
  }
}

function broken(): never {
  return sqs.invalid('The parameters of the request are not URL-encoded UTF-8.')
}
