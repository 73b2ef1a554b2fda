// The measured process as plain JavaScript: it starts fast, and no loader sits between the libraries and Node. The fault
// harness builds its programs here, too.
import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const here = (path: string | URL) => fileURLToPath(new URL(path, import.meta.url))

const built = new Map<string, Promise<string>>()

/** Builds the program once, for as long as this process runs, and answers where it is: below `dist`, where the package finds
 * itself by its name. */
export function buildProgram(
  entry: string | URL = './child.ts',
  dist = here('../dist'),
  plugins: Plugin[] = [],
): Promise<string> {
  const name = basename(String(entry), '.ts')
  const folder = join(dist, ['bench', process.pid, name, ...plugins.map((plugin) => plugin.name)].join('-'))
  const path = built.get(folder) ?? make(entry, folder, plugins).then(() => `${folder}/${name}.js`)
  built.set(folder, path)
  return path
}

async function make(entry: string | URL, folder: string, plugins: Plugin[]): Promise<void> {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    entryPoints: [here(entry)],
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins,
  })
}
