// Puts the program of an isolated handler's thread into workers/isolated/program.generated.ts, as one text: so it is there
// wherever the library is, packed or bundled.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const folder = new URL('../workers/isolated/', import.meta.url)
const { outputFiles } = buildSync({
  entryPoints: [fileURLToPath(new URL('program.ts', folder))],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'iife',
  logLevel: 'warning',
})
const source = `// Made by build/embed-thread.js from workers/isolated/program.ts.
export const program = ${JSON.stringify(outputFiles[0].text)}
`
writeFileSync(new URL('program.generated.ts', folder), source)
