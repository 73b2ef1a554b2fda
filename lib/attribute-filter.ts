// Which message attributes a receive asks for: all, those of a prefix, or by name.
import { InvalidOption } from './errors.ts'

/** Names that ask for every attribute. */
const ALL = ['All', '.*', '*']

/** Whether an attribute of this name is asked for. */
export type AttributeFilter = (name: string) => boolean

/**
 * The filter that a list of names makes: `All`, `.*` and `*` ask for all, `prefix.*` for those whose names begin with
 * the prefix (what stands before `.*`), any other text for the attribute of that name. An empty list asks for none.
 */
export function attributeFilter(asked: readonly string[], option = 'attributes'): AttributeFilter {
  if (!Array.isArray(asked) || asked.some((name) => typeof name !== 'string')) {
    throw new InvalidOption(`\`${option}\` must be a list of names, such as ['All'] or ['trace.*', 'kind']`)
  }
  if (asked.some((name) => ALL.includes(name))) return () => true
  const names = new Set(asked)
  const prefixes = asked.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2))
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}
