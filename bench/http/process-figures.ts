// What a process and those below it have used, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs'

const TICKS = 100 // a second, on every Linux there is
const PAGE = 4096

interface Used {
  /** Seconds of CPU. */
  cpu: number
  /** Bytes resident. */
  memory: number
}

export function usedBy(root: number): Used {
  const all = processes()
  const family = new Set([root])
  for (let size = 0; size < family.size; ) {
    size = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  const used = { cpu: 0, memory: 0 }
  for (const { pid, ticks, pages } of all) {
    if (!family.has(pid)) continue
    used.cpu += ticks / TICKS
    used.memory += pages * PAGE
  }
  return used
}

function processes(): { pid: number; parent: number; ticks: number; pages: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // Behind the name, which may hold anything: state, parent, ... utime (12th), stime, ... rss (22nd).
        const fields = readFileSync(`/proc/${name}/stat`, 'latin1')
          .replace(/^.*\) /s, '')
          .split(' ')
          .map(Number)
        const [parent, utime, stime, rss] = [fields[1], fields[11], fields[12], fields[21]] as [
          number,
          number,
          number,
          number,
        ]
        return [{ pid: Number(name), parent, ticks: utime + stime, pages: rss }]
      } catch {
        return [] // it has ended meanwhile
      }
    })
}
