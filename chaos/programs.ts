// The programs of a run as plain JavaScript: built once, they start in a third of the time that the loader needs for each.
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { buildProgram } from '../bench/program.ts'

/** Where the program is that is made of this source file. It stays for as long as this process runs. */
export const program = (source: string, schema?: number): Promise<string> =>
  buildProgram(new URL(source, import.meta.url), undefined, schema === undefined ? [] : [releaseWith(schema)])

/** Builds another release of the library: one whose scripts are of this schema, and so have other hashes. */
function releaseWith(schema: number): Plugin {
  return {
    name: `schema-${schema}`,
    setup(build) {
      build.onLoad({ filter: /scripts\.generated\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        return { loader: 'ts', contents: `import { createHash } from 'node:crypto'\n${source}${altered(schema)}` }
      })
    },
  }
}

const altered = (schema: number) => `
for (const script of Object.values(scripts) as Script[]) {
  script.text = script.text.replace(/^local SCHEMA = \\d+$/m, 'local SCHEMA = ${schema}')
  script.sha1 = createHash('sha1').update(script.text).digest('hex')
}
`
