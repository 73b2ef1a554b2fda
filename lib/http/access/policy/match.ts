// Texts of a policy that others are compared with: with wildcards, and with variables that stand for keys of the request.
// No regular expressions are made of them, so no text of a policy makes a comparison slow: at worst it takes as many steps
// as the pattern's length times that of the text.

/** What is known of a request, by keys such as 'aws:sourceip' (in small letters). */
export type Context = (key: string) => readonly string[] | undefined

export interface Pattern {
  parts: ReadonlyArray<readonly Token[] | Variable>
  /** Small letters are the same as capital ones. */
  fold: boolean
}

export interface PatternOptions {
  /** `*` and `?` stand for others; else for themselves. */
  wildcards: boolean
  /** `${aws:username}` stands for its value; else for itself. */
  variables: boolean
  fold?: boolean
}

/** The code of a character, or one of the two below. */
type Token = number
const ANY = -1
const ONE = -2
const COLON = 58

interface Variable {
  key: string
  fallback: string | undefined
}

const REFERENCE = /(\$\{[^{}]*\})/
const VARIABLE = /^\$\{\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?\}$/
/** How a policy writes the characters that mean something to it. */
const ESCAPED = new Map(['*', '?', '$'].map((character) => [`\${${character}}`, character]))

export function compilePattern(text: string, { wildcards, variables, fold = false }: PatternOptions): Pattern {
  const plain = (literal: string) => tokensOf(fold ? literal.toLowerCase() : literal)
  const wild = (literal: string) => (wildcards ? plain(literal).map(wildcard) : plain(literal))
  if (!variables) return { parts: [wild(text)], fold }
  // The odd ones are the references that the expression captures.
  const parts = text.split(REFERENCE).map((part, index) => {
    if (index % 2 === 0) return wild(part)
    const escaped = ESCAPED.get(part)
    return escaped === undefined ? variableOf(part) : plain(escaped)
  })
  return { parts, fold }
}

export function matches(pattern: Pattern, text: string, context: Context): boolean {
  const tokens = resolve(pattern, context)
  return tokens !== undefined && glob(tokens, pattern.fold ? text.toLowerCase() : text)
}

/** As `matches`, but each of the six parts of an ARN by itself, so that no wildcard reaches into the next one. */
export function matchesArn(pattern: Pattern, arn: string, context: Context): boolean {
  const tokens = resolve(pattern, context)
  if (tokens === undefined) return false
  if (tokens.length === 1 && tokens[0] === ANY) return true
  const wanted = arnParts(tokens)
  const given = arnParts(tokensOf(arn)).map((part) => String.fromCharCode(...part))
  return wanted.length === 6 && given.length === 6 && wanted.every((part, index) => glob(part, given[index] as string))
}

/** Whether there can be an ARN that it matches. */
export function isArnPattern({ parts }: Pattern): boolean {
  if (parts.some((part) => 'key' in part)) return true
  const tokens = (parts as Token[][]).flat()
  return arnParts(tokens).length === 6 || (tokens.length === 1 && tokens[0] === ANY)
}

/** The keys that a pattern's value depends on. */
export function keysOf({ parts }: Pattern): string[] {
  return parts.flatMap((part) => ('key' in part ? [part.key] : []))
}

function variableOf(reference: string): Variable {
  const [, key = '', fallback] = VARIABLE.exec(reference) ?? []
  return { key: key.toLowerCase(), fallback }
}

// A variable without a value matches nothing, as IAM has it; and a value's own `*` is no wildcard.
function resolve({ parts, fold }: Pattern, context: Context): readonly Token[] | undefined {
  if (parts.length === 1) return parts[0] as readonly Token[]
  const resolved: Token[] = []
  for (const part of parts) {
    if (!('key' in part)) {
      resolved.push(...part)
      continue
    }
    const values = context(part.key) ?? []
    const value = values.length === 1 ? values[0] : part.fallback
    if (value === undefined) return undefined
    resolved.push(...tokensOf(fold ? value.toLowerCase() : value))
  }
  return resolved
}

function tokensOf(text: string): Token[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
}

function wildcard(token: Token): Token {
  if (token === 42) return ANY
  return token === 63 ? ONE : token
}

/** Divided at the first five colons: the last part has the others. */
function arnParts(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (token === COLON && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

// Where a character does not fit, the last `*` takes one more: earlier ones never have to.
function glob(tokens: readonly Token[], text: string): boolean {
  let token = 0
  let at = 0
  let star = -1
  let resume = 0
  while (at < text.length) {
    const wanted = tokens[token]
    if (wanted === ANY) {
      star = token++
      resume = at
    } else if (wanted === ONE || wanted === text.charCodeAt(at)) {
      token++
      at++
    } else if (star >= 0) {
      token = star + 1
      at = ++resume
    } else return false
  }
  while (tokens[token] === ANY) token++
  return token === tokens.length
}
