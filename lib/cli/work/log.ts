// Where log lines go: one line each on the standard output, for a person or (JSON) for a machine.
import colours from 'picocolors'
import { oneLine, toJson } from '../output.ts'
import { redacted } from '../where.ts'

export type Level = 'info' | 'warn' | 'error'

export interface Line {
  level: Level
  /** One word. */
  event: string
  /** For a person. */
  text: string
  /** For a machine. */
  fields?: Record<string, unknown>
  /** Its stack is shown where that was asked for, or where nothing else says what happened. */
  error?: unknown
}

export interface LogOptions {
  json: boolean
  /** Show the stacks of all errors. */
  verbose: boolean
  /** Which of several processes this is. */
  process?: number | undefined
}

const PAINT = { info: colours.green, warn: colours.yellow, error: colours.red }
const WIDTH = 500

export class Log {
  constructor(private readonly options: LogOptions) {}

  /** `stack`: show it even without --verbose. */
  write(line: Line, stack = this.options.verbose): void {
    const trace = stack && line.error instanceof Error ? line.error.stack : undefined
    const text = this.options.json ? this.#forMachine(line, trace) : this.#forPerson(line, trace)
    process.stdout.write(`${redacted(text)}\n`)
  }

  #forPerson({ level, event, text }: Line, trace: string | undefined): string {
    const time = colours.dim(new Date().toTimeString().slice(0, 8))
    const who = this.options.process === undefined ? '' : `${colours.dim(`[${this.options.process}]`)} `
    const shown = `${time} ${who}${PAINT[level](event.padEnd(9))} ${oneLine(text, WIDTH)}`
    return trace === undefined ? shown : `${shown}\n${trace.replaceAll(/^/gm, '    ')}`
  }

  #forMachine({ level, event, fields, error }: Line, stack: string | undefined): string {
    const message = error === undefined ? undefined : error instanceof Error ? error.message : String(error)
    const { process } = this.options
    return toJson({ time: new Date(), level, event, process, ...fields, error: message, stack })
  }
}
