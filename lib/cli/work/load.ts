// Imports the user's module: JavaScript as it is, TypeScript by Node where it can, else by tsx where it is installed.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Refusal } from '../exit.ts'

const TYPESCRIPT = /\.[cm]?tsx?$/
/** What Node says to TypeScript that it cannot run by leaving the types away: enums, parameter properties, JSX ... */
const BEYOND_NODE = [
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
]

export async function load(file: string): Promise<Record<string, unknown>> {
  const path = resolve(file)
  if (!existsSync(path)) throw new Refusal(`there is no file ${file}`)
  const { href } = pathToFileURL(path)
  try {
    if (!TYPESCRIPT.test(path)) return await import(href)
    return await (stripsTypes() ? byNode(href, path, file) : byTsx(href, path, file))
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new Refusal(`cannot load ${file}: ${message.split('\n', 1)[0]} (--verbose says where)`, { cause })
  }
}

function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: false | string }).typescript)
}

async function byNode(href: string, path: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await import(href)
  } catch (error) {
    if (!BEYOND_NODE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    // Nothing of the module has run yet. Node remembers the failure under the address, so it gets another one.
    return byTsx(`${href}?tsx`, path, file, error)
  }
}

async function byTsx(href: string, path: string, file: string, cause?: unknown): Promise<Record<string, unknown>> {
  const tsx = findTsx(path)
  if (!tsx) throw new Refusal(without(file, cause), { cause })
  const { register } = (await import(pathToFileURL(tsx).href)) as { register(): unknown }
  register()
  return import(href)
}

/** Installed beside the module, or where the command was called. */
function findTsx(path: string): string | undefined {
  for (const from of [path, resolve('package.json')]) {
    try {
      return createRequire(from).resolve('tsx/esm/api')
    } catch {}
  }
  return undefined
}

function without(file: string, cause: unknown): string {
  const ways = 'npm install --save-dev tsx'
  return cause instanceof Error
    ? `${file} has TypeScript that Node cannot run by itself (${cause.message.trim().split('\n')[0]}): ${ways}`
    : `${file} is TypeScript, which Node ${process.versions.node} does not run by itself: ${ways}, or use Node 22.18 or later`
}
