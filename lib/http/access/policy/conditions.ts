// The conditions of a statement: all of them must hold.
import { meant } from '../suggest.ts'
import type { Context } from './match.ts'
import { OPERATORS, type Test } from './operators.ts'
import { listOf, type Report, within } from './report.ts'

export interface Condition {
  holds(context: Context): boolean
  /** The keys that it asks for. */
  keys: string[]
}

const SHOWN = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/
const NAMES = ['Null', ...OPERATORS.keys()]

export function parseConditions(given: unknown, variables: boolean, report: Report): Condition[] {
  if (given === undefined) return []
  return entries(given, report, "is an object such as { StringEquals: { 'aws:username': 'bob' } }").flatMap(
    ([operator, keys]) => {
      const compile = compilerOf(operator)
      if (compile === undefined) {
        report([operator], `is no operator; ${meant(operator, NAMES)}`)
        return []
      }
      return entries(keys, within(report, operator), "is an object such as { 'aws:username': 'bob' }").flatMap(
        ([key, values]) => compile(key.toLowerCase(), values, variables, within(report, operator, key)) ?? [],
      )
    },
  )
}

type Compiler = (key: string, values: unknown, variables: boolean, report: Report) => Condition | undefined

function compilerOf(operator: string): Compiler | undefined {
  if (operator === 'Null') return absence
  const [, quantifier, name = '', ifExists] = SHOWN.exec(operator) ?? []
  const found = OPERATORS.get(name)
  if (found === undefined) return undefined
  const { negated, takes, compile } = found
  return (key, given, variables, report) => {
    const test = compile(textsOf(given, report), variables)
    if (test === undefined) {
      report([], `takes ${takes}`)
      return undefined
    }
    return condition(key, test, { negated, ifExists: ifExists !== undefined, quantifier })
  }
}

interface Way {
  negated: boolean
  ifExists: boolean
  quantifier: string | undefined
}

// A negated operator holds where none of the policy's values fits. Without a quantifier it asks that of all values that the
// request has, as the others ask for one.
function condition(key: string, test: Test, { negated, ifExists, quantifier }: Way): Condition {
  const all = quantifier === 'ForAllValues' || (negated && quantifier === undefined)
  return {
    keys: [key, ...(test.keys ?? [])],
    holds(context) {
      const values = context(key)
      if (values === undefined || values.length === 0) return ifExists || all
      const fits = (value: string) => test(value, context) !== negated
      return all ? values.every(fits) : values.some(fits)
    },
  }
}

/** Whether a request has a key at all: 'true' asks for its absence. */
const absence: Compiler = (key, given, _, report) => {
  const wanted = textsOf(given, report)
  if (!wanted.every((value) => /^(true|false)$/.test(value))) report([], 'takes true or false')
  return { keys: [key], holds: (context) => wanted.includes(String(!context(key)?.length)) }
}

function entries(given: unknown, report: Report, expected: string): [string, unknown][] {
  const named = given !== null && typeof given === 'object' && !Array.isArray(given) ? Object.entries(given) : []
  if (named.length === 0) report([], expected)
  return named
}

function textsOf(given: unknown, report: Report): string[] {
  const values = listOf(given)
  if (values.length === 0) report([], 'has no value')
  return values.flatMap((value, index) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
    report(Array.isArray(given) ? [index] : [], 'is a text, a number, true or false, or a list of these')
    return []
  })
}
