// What a command prints: tables and sentences for a person, one JSON document a line for a script.
import Table from 'cli-table3'
import colours from 'picocolors'

export type Row = (string | number)[]

/** Print `value` as JSON where that was asked for, else what `text` makes of it. */
export function print(options: { json?: boolean | undefined }, value: unknown, text: () => string): void {
  process.stdout.write(`${options.json ? toJson(value) : text()}\n`)
}

/** One line of JSON. Bytes become { base64 }, a big integer its digits. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, shown) {
    const given = this[key]
    if (given instanceof Uint8Array) return { base64: Buffer.from(given).toString('base64') }
    if (given instanceof Error) return { code: (given as { code?: string }).code, message: given.message }
    return typeof shown === 'bigint' ? String(shown) : shown
  })
}

/** Columns without lines around them; numbers stand to the right. */
export function table(head: string[], rows: Row[]): string {
  const bare = {
    'top-mid': '',
    'bottom-mid': '',
    middle: '  ',
    mid: '',
    'left-mid': '',
    'mid-mid': '',
    'right-mid': '',
  }
  const corners = {
    top: '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    right: '',
  }
  const made = new Table({
    head: head.map((name) => colours.bold(name)),
    chars: { ...bare, ...corners },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, i) => (typeof rows[0]?.[i] === 'number' ? 'right' : 'left')),
  })
  made.push(...rows)
  return made.toString().replaceAll(/ +$/gm, '')
}

/** A body or an error in one line, at most `width` characters; what would steer the terminal is left out. */
export function oneLine(value: unknown, width = 60): string {
  const text =
    value instanceof Uint8Array ? `<${value.length} bytes>` : typeof value === 'string' ? value : toJson(value)
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

/** '1 message', '2,000 messages'. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
