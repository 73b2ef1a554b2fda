// The other server: installed once into a cache folder, with a Node that runs it; this repository does not depend on it.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const FAUXQS = '2.4.1'
/** The major version of the Node on which the servers are compared. */
export const NODE = '22'

export interface Installed {
  folder: string
  /** A Node that is new enough for it. */
  node: string
  program: string
}

export async function installFauxqs(): Promise<Installed> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'boomerang-bench', `fauxqs-${FAUXQS}`)
  const found = {
    folder,
    node: join(folder, 'node_modules/node/bin/node'),
    program: join(folder, 'node_modules/fauxqs/dist/cli.js'),
  }
  if (existsSync(found.program) && existsSync(found.node)) return found
  mkdirSync(folder, { recursive: true })
  console.log(`installing fauxqs ${FAUXQS} and node ${NODE} into ${folder}`)
  // The exact version: on an older Node npm would take an older fauxqs in silence.
  const args = ['install', '--no-audit', '--no-fund', '--prefix', folder, `fauxqs@${FAUXQS}`, `node@${NODE}`]
  await promisify(execFile)('npm', args, { cwd: folder })
  return found
}
