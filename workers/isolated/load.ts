// Loads the module of a handler, in its thread.
import type { IsolatedHandler } from '../types.ts'

/** What Node says to TypeScript that it does not run by itself. */
const BEYOND_NODE = [
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
]
const TYPESCRIPT = /\.[cm]?tsx?$/
const INSTALL = 'npm install --save-dev tsx, or use Node 22.18 or later and only types that can be left away'

export async function loadHandler(url: string): Promise<IsolatedHandler> {
  if (!stripsTypes() && (TYPESCRIPT.test(url) || underTsx())) await useTsx(url)
  const exports = await import(url).catch(async (error) => {
    // Nothing of the module has run yet.
    if (!BEYOND_NODE.includes(error?.code)) throw error
    if (!(await useTsx(url))) throw new Error(`${error.message}: ${INSTALL}`, { cause: error })
    return import(url)
  })
  const handler = isHandler(exports.default?.default) ? exports.default.default : exports.default
  if (!isHandler(handler)) throw new TypeError(`its default export must be a function, got ${typeof handler}`)
  return handler
}

function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: false | string }).typescript)
}

/** A thread does not have everywhere what its program was started with. */
function underTsx(): boolean {
  return process.execArgv.some((argument) => /\btsx\b/.test(argument))
}

/** Let tsx translate what is imported from now on; false where it is not installed beside the module. */
async function useTsx(url: string): Promise<boolean> {
  const { createRequire } = await import('node:module')
  const { pathToFileURL } = await import('node:url')
  const require = createRequire(url)
  const manifest = findTsx(require.resolve)
  if (!manifest) return false
  const { exports } = require(manifest)
  for (const face of ['./cjs/api', './esm/api']) {
    const { register } = await import(new URL(exports[face].import.default, pathToFileURL(manifest)).href)
    register()
  }
  return true
}

function findTsx(resolve: (name: string) => string): string | undefined {
  try {
    return resolve('tsx/package.json')
  } catch {
    return undefined
  }
}

function isHandler(value: unknown): value is IsolatedHandler {
  return typeof value === 'function'
}
