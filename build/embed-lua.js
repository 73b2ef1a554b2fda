// Puts the Lua scripts into lib/redis/scripts.generated.ts, so that an installed or bundled package needs no files.
// A script gets the prelude in front and, by name, the shared functions (lua/_<name>.lua) that it or they use.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('../lua/', import.meta.url)
const read = (name) => readFileSync(new URL(`${name}.lua`, folder), 'utf8')
const names = readdirSync(folder).map((file) => file.replace(/\.lua$/, ''))
const parts = new Map(names.filter((name) => name.startsWith('_')).map((name) => [name, read(name)]))
const defined = (name) => [...parts.get(name).matchAll(/^local (?:function )?(\w+)/gm)].map(([, word]) => word)
const shared = [...parts.keys()].filter((name) => name !== '_prelude' && name !== '_memory')
const uses = (text, name) =>
  defined(name).some((word) => new RegExp(`\\b${word}\\b`).test(text.replaceAll(/--.*$/gm, '')))

/** The shared parts that a text uses, those they rest on first. */
function needed(text, self, found = []) {
  for (const name of shared) {
    if (name === self || found.includes(name) || !uses(text, name)) continue
    needed(parts.get(name), name, found)
    if (!found.includes(name)) found.push(name)
  }
  return found
}

const scripts = {}
for (const name of names.filter((name) => !name.startsWith('_')).sort()) {
  const text = read(name)
  const files = ['_prelude', ...needed(text), name]
  const lines = []
  let at = 1
  for (const file of files) {
    lines.push([at, `lua/${file}.lua`])
    at += read(file).split('\n').length - 1
  }
  const whole = files.map(read).join('')
  scripts[name] = { name, text: whole, sha1: createHash('sha1').update(whole).digest('hex'), lines }
}

const source = `// Made by build/embed-lua.js from lua/*.lua.
import type { Script } from './script.ts'

export const scripts = ${JSON.stringify(scripts, null, 2)} satisfies Record<string, Script>

/** What the embedded store needs around each script. */
export const memoryFrame = ${JSON.stringify(parts.get('_memory'))}
`
writeFileSync(new URL('../lib/redis/scripts.generated.ts', import.meta.url), source)
