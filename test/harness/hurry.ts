// Calls that are to end by their timeout, where those before and after them are not to.
import type { Client } from '../../lib/index.ts'

/** From now on calls of this client end after so many ms, until the answer is called. */
export function hurry(client: Client, ms = 300): () => void {
  const { shared } = client
  const { timeout } = shared
  shared.timeout = ms
  return () => {
    shared.timeout = timeout
  }
}
