#!/usr/bin/env node
// The command `boomerang`: one command a run, an exit code that scripts can rely on, errors in one sentence.
import { CommanderError } from 'commander'
import { EXIT, exitCodeOf, explained } from './exit.ts'
import { program } from './program.ts'

// Whoever reads our output has seen enough: `boomerang peek videos | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.well : EXIT.refused),
)

const boomerang = program()
try {
  await boomerang.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.well : EXIT.refused)
  process.stderr.write(`${explained(error, boomerang.opts().verbose)}\n`)
  process.exit(exitCodeOf(error))
}
