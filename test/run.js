// What `npm test` runs after the build: a Redis to test with, then types, lint and tests. Arguments go to vitest.
import { register } from 'tsx/esm/api'

register()
const { main } = await import('./runner/main.ts')
process.exitCode = await main(process.argv.slice(2))
