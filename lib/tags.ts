// Tags of a queue: words of its owner, which the library keeps and shows.
import { encoded } from './attribute-fields.ts'
import { InvalidOption } from './errors.ts'

/** How many a queue may have. */
export const MAX_TAGS = 50
const PREFIX = 'tag:'

/** As they are stored at the home: an empty value is one too, so all begin with '='. */
export function tagFields(tags: unknown): string {
  if (tags === null || typeof tags !== 'object' || Array.isArray(tags))
    throw new InvalidOption('`tags` must be an object of texts by their keys')
  const list = Object.entries(tags)
  if (list.length > MAX_TAGS) throw tooMany()
  return list.map(([key, value]) => `${field(key)} =${encoded(text(value, `tag '${key}'`, 0, 256))}`).join(' ')
}

export function untagFields(keys: unknown): string {
  if (!Array.isArray(keys)) throw new InvalidOption('the keys of tags must be a list of texts')
  return keys.map((key) => `${field(key)} -`).join(' ')
}

export function tagsOf(fields: Record<string, string>): Record<string, string> {
  const stored = Object.entries(fields).filter(([name]) => name.startsWith(PREFIX))
  const tags = stored.map(([name, value]) => [name.slice(PREFIX.length), value.slice(1)].map(decodeURIComponent))
  return Object.fromEntries(tags.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)))
}

export function tooMany(): InvalidOption {
  return new InvalidOption(`a queue has at most ${MAX_TAGS} tags`)
}

function field(key: unknown): string {
  return PREFIX + encoded(text(key, 'the key of a tag', 1, 128))
}

function text(value: unknown, name: string, min: number, max: number): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max && value.isWellFormed()) return value
  throw new InvalidOption(`${name} must be a text of ${min} to ${max} characters, got ${String(value).slice(0, 40)}`)
}
