#!/usr/bin/env node
// The command `boomerang`.
import { EXIT } from './exit.ts'
import { run } from './run.ts'

// Whoever reads our output has seen enough: `boomerang peek videos | head -1`.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) =>
  process.exit(code === 'EPIPE' ? EXIT.well : EXIT.refused),
)

const code = await run(process.argv.slice(2))
// A module that could not be worked with may hold the process open; what went well ends when all is written.
if (code === EXIT.well) process.exitCode = code
else process.exit(code)
