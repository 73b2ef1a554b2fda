// Lua as far as the rules need it: header and code apart, comments away, calls with their arguments.

/** The comment at the top. */
export function headerOf(text: string): string {
  return text.slice(0, text.length - codeOf(text).length)
}

/** What follows the comment at the top. */
export function codeOf(text: string): string {
  return text.replace(/^(?:--.*\n)+/, '')
}

export function withoutComments(text: string): string {
  return text.replaceAll(/'(?:\\.|[^'\\\n])*'|--.*/g, (match) => (match.startsWith('--') ? '' : match))
}

/** The names that the header lists under ARGV, in order, '...' for all that follow; fails where the numbers are not 1, 2, 3. */
export function argumentsInHeader(header: string): string[] {
  const lines = [...header.matchAll(/^--(?: ARGV)? +(\d+) (\w+|\.{3}) /gm)]
  for (const [index, [line, number]] of lines.entries()) {
    if (Number(number) !== index + 1) throw new Error(`expected number ${index + 1}: ${line}`)
  }
  return lines.map(([, , name]) => name ?? '')
}

/**
 * The names that the code gives to ARGV in its first statement, and '...' where the second takes the rest:
 * `local now, ids = unpack(ARGV, 1, 2)` and `local list = { unpack(ARGV, 3) }`.
 */
export function argumentsInCode(code: string): string[] {
  const [first, list, last] = /^local ([\w,\s]+?)\s*= unpack\(ARGV(?:, 1, (\d+))?\)\n/.exec(code) ?? []
  const names = list?.split(',').map((name) => name.trim()) ?? []
  if (first === undefined || last === undefined) return names
  const rest = `= { unpack(ARGV, ${names.length + 1}) }`
  const takesRest = code.slice(first.length).split('\n', 1)[0]?.endsWith(rest)
  return Number(last) === names.length && takesRest ? [...names, '...'] : []
}

export interface Call {
  command: string
  /** Words in capitals among the literal arguments. */
  options: string[]
}

/** Each `redis.call('COMMAND', …)`, also through a local name for it. */
export function callsIn(text: string): Call[] {
  const code = withoutComments(text)
  return [...code.matchAll(/\b(?:redis\.p?call|call)\(/g)]
    .map(({ index, 0: start }) => argumentsAt(code, index + start.length))
    .map((args) => ({
      command: /^'(\w+)'/.exec(args)?.[1]?.toUpperCase() ?? `not a literal: ${args}`,
      options: [...args.matchAll(/'([A-Z]{2,})'/g)].slice(1).map(([, word]) => word ?? ''),
    }))
}

/** The text up to the closing bracket, without calls inside of it. */
function argumentsAt(code: string, from: number): string {
  let depth = 0
  let kept = ''
  for (let at = from; at < code.length; at++) {
    const sign = code[at]
    if (sign === ')' && depth === 0) return kept
    if (sign === '(') depth++
    if (depth === 0) kept += sign
    if (sign === ')') depth--
  }
  return kept
}
