// Processes that the run started and that live on. All of them were told to keep temporary files in the run's directory,
// so their environment names it. Only Linux lets us look; elsewhere nothing is found.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const patience = 10_000
const interval = 100

export async function leftBehind(directory: string): Promise<string[]> {
  for (let waited = 0; ; waited += interval) {
    const survivors = processesOf(directory)
    if (survivors.length === 0 || waited >= patience) return survivors
    await sleep(interval)
  }
}

function processesOf(directory: string): string[] {
  const survivors: string[] = []
  for (const pid of processIds()) {
    const environment = read(`/proc/${pid}/environ`)
    if (environment.includes(`TMPDIR=${directory}\0`)) {
      survivors.push(`${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()}`)
    }
  }
  return survivors
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
