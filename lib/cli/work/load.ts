// Imports the user's module: JavaScript as it is, TypeScript by Node where it can, else by tsx where it is installed.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Refusal } from '../exit.ts'

const TYPESCRIPT = /\.[cm]?tsx?$/
/** What Node says to TypeScript that it cannot run by leaving the types away: enums, parameter properties, JSX ... */
const BEYOND_NODE = [
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
]
const INSTALL = 'npm install --save-dev tsx'

/** What the module exports. */
export async function load(file: string): Promise<Record<string, unknown>> {
  const path = resolve(file)
  if (!existsSync(path)) throw new Refusal(`there is no file ${file}`)
  const { href } = pathToFileURL(path)
  try {
    if (TYPESCRIPT.test(path) && !stripsTypes()) await useTsx(path, untypedNode(file))
    return await import(href).catch(async (error) => {
      if (!BEYOND_NODE.includes(error?.code)) throw error
      // Nothing of the module has run yet.
      await useTsx(path, beyondNode(file, error), error)
      return import(href)
    })
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw new Refusal(`cannot load ${file}: ${firstLine(cause)} (--verbose says where)`, { cause })
  }
}

function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: false | string }).typescript)
}

/** Let tsx translate what is imported from now on, as modules and as CommonJS. */
async function useTsx(path: string, otherwise: string, cause?: unknown): Promise<void> {
  const folder = findTsx(path)
  if (!folder) throw new Refusal(otherwise, { cause })
  for (const face of ['./cjs/api', './esm/api']) {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const { register } = await import(pathToFileURL(join(folder, exports[face].import.default)).href)
    register()
  }
}

/** Installed beside the module, or where the command was called. */
function findTsx(path: string): string | undefined {
  for (const from of [path, resolve('package.json')]) {
    try {
      return dirname(createRequire(from).resolve('tsx/package.json'))
    } catch {}
  }
  return undefined
}

function untypedNode(file: string): string {
  return `${file} is TypeScript, which Node ${process.versions.node} does not run by itself: ${INSTALL}, or use Node 22.18 or later`
}

function beyondNode(file: string, error: unknown): string {
  return `${file} has TypeScript that Node does not run by itself (${firstLine(error)}): ${INSTALL}`
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().split('\n', 1)[0] ?? ''
}
