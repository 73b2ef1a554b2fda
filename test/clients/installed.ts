// What of boto3 and the AWS command line this machine has: each version that the PATH or the system's own folder holds.
import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { isExecutable } from '../harness/server-binary.ts'

export interface Installed {
  program: string
  version: string
}

const SYSTEM = '/usr/bin'

/** Pythons that have a module. */
export function pythonsWith(module: string): Promise<Installed[]> {
  const says = `import ${module}, platform; print("${module}", ${module}.__version__, "on Python", platform.python_version())`
  return each('python3', ['-c', says])
}

export const commandLines = (): Promise<Installed[]> => each('aws', ['--version'])

/** Programs of a name that answer, each version once. */
async function each(name: string, args: string[]): Promise<Installed[]> {
  const folders = new Set([...(process.env['PATH'] ?? '').split(delimiter), SYSTEM])
  const programs = [...folders].map((folder) => join(folder, name)).filter(isExecutable)
  const versions = await Promise.all(programs.map((program) => saidBy(program, args)))
  const found = programs.map((program, i) => ({ program, version: versions[i] as string }))
  return found.filter(({ version }, i) => version !== '' && versions.indexOf(version) === i)
}

/** '' where it fails. */
function saidBy(program: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, (error, out) => resolve(error ? '' : out.trim()))
  })
}
