import { closest } from 'fastest-levenshtein'

/** What was probably meant by a name that is not known, to end a sentence with. */
export function meant(name: string, names: readonly string[]): string {
  return `did you mean '${closest(name, [...names])}'?`
}
