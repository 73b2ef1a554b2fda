// What many requests in a row ask for alike is worked out once.
const MOST = 100

/** A function of a text that knows its last answers; of no side effects, and one that throws is asked again. */
export function latest<Value>(work: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const kept = known.get(text)
    if (kept !== undefined) return kept
    const made = work(text)
    const [oldest] = known.size < MOST ? [] : known.keys()
    if (oldest !== undefined) known.delete(oldest)
    known.set(text, made)
    return made
  }
}
