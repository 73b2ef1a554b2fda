// Telling all partitions of a queue what its home says. One that is not there is made, and so it may be by one who is late: the queue
// has been removed since the home was looked at. Then it is undone, before anything is sent there.
import { partitionFields, storedOf } from './attribute-fields.ts'
import { missing } from './declaring.ts'
import type { Declared, Home } from './redis/home.ts'

export interface Told {
  /** How many messages the partition's last purge removed. */
  removed: number
  /** The last sequence number that was given there by what it went by before. */
  sequence: number
}

export async function spread(home: Home, declared: Declared, deadline: number): Promise<Told[]> {
  const { fields, places, drained, paused, version } = declared
  const attributes = partitionFields(storedOf(fields), places.length)
  const since = ['purged', 'after', 'sequenceFloor'].map((name) => `${name} ${fields[name] ?? '-'}`).join(' ')
  const told = await Promise.all(
    [...places, ...drained].map(async (place, i) => {
      const state = `paused ${paused ? '1' : '-'} ${i < places.length ? 'drained - vacant -' : 'drained 1'}`
      return { place, ...(await home.tellPartition(place, version, `${attributes} ${since} ${state}`, deadline)) }
    }),
  )
  const made = told.filter((one) => one.made)
  if (made.length > 0 && !(await stillThere(home, declared, deadline))) {
    await Promise.all(made.map(({ place }) => home.removePartition(place, version, deadline)))
    throw missing(home.queue)
  }
  return told
}

/** A home that is gone without having been removed was lost: whoever needs it makes it anew. */
async function stillThere(home: Home, { created }: Declared, deadline: number): Promise<boolean> {
  const seen = await home.look(deadline)
  if (seen) return !seen.removing && seen.created === created
  return (await home.removed(deadline)).at === undefined
}
