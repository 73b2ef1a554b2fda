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

/** The names that the prelude gives to KEYS, in their order. */
const keyNames = [...parts.get('_prelude').matchAll(/\b(\w+) = keys\[\d+\]/g)].map(([, name]) => name)

/** The keys that a script names, in their order; all where it takes them as a whole. */
function keysIn(texts) {
  const code = texts.join('').replaceAll(/--.*$/gm, '')
  return keyNames.filter((name) => /\bKEYS\b/.test(code) || new RegExp(`\\bK\\.${name}\\b`).test(code))
}

/** The prelude with the names of these keys only: each name costs every call. */
function preludeFor(named) {
  return read('_prelude').replaceAll(/ (\w+) = keys\[\d+\],/g, (entry, name) => (named.includes(name) ? entry : ''))
}

/**
 * Prelude and rest as one script. What is behind the prelude stands in a function of its own, for the names that nearly all
 * functions use: each function is made anew in every call, and Lua looks up a local around it in a list of all that others
 * have looked up so far, but finds one that is further out at once. No line begins there, so lines keep their numbers.
 */
function wholeOf(prelude, rest) {
  return `${prelude}return (function() ${rest.join('').trimEnd()}\nend)()\n`
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
  const rest = files.slice(1).map(read)
  const named = keysIn(rest)
  const whole = wholeOf(preludeFor(named), rest)
  // It takes them as far as the last that it names.
  const keys = 1 + keyNames.indexOf(named.at(-1))
  scripts[name] = { name, text: whole, sha1: createHash('sha1').update(whole).digest('hex'), keys, lines }
}

const source = `// Made by build/embed-lua.js from lua/*.lua.
import type { Script } from './script.ts'

export const scripts = ${JSON.stringify(scripts, null, 2)} satisfies Record<string, Script>

/** What the embedded store needs around each script. */
export const memoryFrame = ${JSON.stringify(parts.get('_memory'))}
`
writeFileSync(new URL('../lib/redis/scripts.generated.ts', import.meta.url), source)
