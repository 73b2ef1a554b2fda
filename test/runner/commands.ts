import { execFile, spawn } from 'node:child_process'
import { guard } from '../harness/guard.ts'

export interface CommandOptions {
  /** Where the command, and all it starts, puts temporary files. */
  directory?: string
  quiet?: boolean
  /** Where it runs. */
  cwd?: string | undefined
  env?: Record<string, string>
}

/** The exit code of a command, which gets the signals that this process gets and does not outlive it. */
export function run(command: string, args: string[], options: CommandOptions = {}): Promise<number> {
  const { directory, quiet = false, env, cwd } = options
  const child = spawn(command, args, {
    ...(cwd && { cwd }),
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, ...env, ...(directory && { TMPDIR: directory }) },
  })
  const callOff = guard(child.pid, directory)
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  let output = ''
  const read = (chunk: Buffer) => void (output += chunk)
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      callOff()
      process.off('SIGINT', pass).off('SIGTERM', pass)
      if (code !== 0) process.stdout.write(output)
      resolve(code ?? 1)
    })
  })
}

/** Whether a command succeeded; its output is shown only when it did not. */
export async function runQuietly(command: string, args: string[], directory?: string, cwd?: string): Promise<boolean> {
  return (await run(command, args, { quiet: true, cwd, ...(directory && { directory }) })) === 0
}

/** What a command says; '' when it fails. */
export function output(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => execFile(command, args, (error, stdout) => resolve(error ? '' : stdout)))
}
