// Removing a queue, in steps of which each can be the last of a process that dies: the next who makes the queue does the rest.
import type { Declared, Home } from './redis/home.ts'

/** Answers whether there was one. */
export async function removeQueue(home: Home, deadline: number): Promise<boolean> {
  for (;;) {
    const seen = await home.look(deadline)
    if (!seen) return home.strike(undefined, deadline)
    // From here on the queue counts as gone for all who look at its home.
    const marked = seen.removing ? seen : await home.change(seen.version, 'removing @', deadline)
    if (!marked) continue
    await finishRemoval(home, marked, deadline)
    return true
  }
}

/** The name first: by it a process that finds a partition gone knows that it was removed. The home last: it knows the partitions. */
export async function finishRemoval(
  home: Home,
  { version, places, drained, dropped }: Declared,
  deadline: number,
): Promise<void> {
  await home.strike(version, deadline)
  const all = [...places, ...drained, ...dropped]
  await Promise.all(all.map((place) => home.removePartition(place, version, deadline)))
  await home.remove(version, deadline)
}
