// One run of the command: what it was asked for, and how it ended.
import { CommanderError } from 'commander'
import { EXIT, type ExitCode, exitCodeOf, explained } from './exit.ts'
import { program } from './program.ts'

export async function run(args: string[]): Promise<ExitCode> {
  const boomerang = program()
  try {
    await boomerang.parseAsync(args, { from: 'user' })
    return EXIT.well
  } catch (error) {
    // What is wrong with the arguments has been said already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.refused
    process.stderr.write(`${explained(error, boomerang.opts().verbose)}\n`)
    return exitCodeOf(error)
  }
}
