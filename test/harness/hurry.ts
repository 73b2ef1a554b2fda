// Calls that are to end by their timeout, where those before and after them are not to.

/** From now on calls of this client, or of this queue's, end after so many ms, until the answer is called. */
export function hurry({ shared }: { shared: { timeout: number } }, ms = 300): () => void {
  const { timeout } = shared
  shared.timeout = ms
  return () => {
    shared.timeout = timeout
  }
}
