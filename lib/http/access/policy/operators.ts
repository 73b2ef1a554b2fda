// The operators of conditions: each makes a test of the values that a policy gives, or undefined where one is not of its type.
import { BlockList, isIP } from 'node:net'
import { latest } from '../latest.ts'
import {
  type Context,
  compilePattern,
  isArnPattern,
  keysOf,
  matches,
  matchesArn,
  type PatternOptions,
} from './match.ts'

export interface Test {
  (value: string, context: Context): boolean
  /** Keys that the values name as variables. */
  keys?: string[]
}

export interface Operator {
  negated: boolean
  /** What its values are, for who wrote another. */
  takes: string
  compile(values: readonly string[], variables: boolean): Test | undefined
}

type Compile = Operator['compile']

/** A test that holds for one of the values, each of which is read first. */
function anyOf<Read>(read: (value: string) => Read | undefined, test: (given: Read, wanted: Read) => boolean): Compile {
  return (values) => {
    const wanted = values.map(read)
    if (wanted.includes(undefined)) return undefined
    return (value) => {
      const given = read(value)
      return given !== undefined && wanted.some((one) => test(given, one as Read))
    }
  }
}

function text(options: Omit<PatternOptions, 'variables'>): Compile {
  return (values, variables) => {
    const patterns = values.map((value) => compilePattern(value, { ...options, variables }))
    const test: Test = (value, context) => patterns.some((pattern) => matches(pattern, value, context))
    return Object.assign(test, { keys: patterns.flatMap(keysOf) })
  }
}

const arn: Compile = (values, variables) => {
  const patterns = values.map((value) => compilePattern(value, { wildcards: true, variables }))
  if (!patterns.every(isArnPattern)) return undefined
  const test: Test = (value, context) => patterns.some((pattern) => matchesArn(pattern, value, context))
  return Object.assign(test, { keys: patterns.flatMap(keysOf) })
}

const address: Compile = (values) => {
  const ranges = new BlockList()
  if (!values.every((value) => addRange(ranges, value))) return undefined
  // A client sends one request after the other.
  return latest((value: string) => {
    const ip = value.replace(/^::ffff:(?=\d+\.)/i, '')
    const version = isIP(ip)
    return version !== 0 && ranges.check(ip, version === 6 ? 'ipv6' : 'ipv4')
  })
}

function addRange(ranges: BlockList, range: string): boolean {
  const [ip = '', bits, more] = range.split('/')
  const version = isIP(ip)
  const longest = version === 6 ? 128 : 32
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (version === 0 || more !== undefined || !(prefix <= longest)) return false
  ranges.addSubnet(ip, prefix, version === 6 ? 'ipv6' : 'ipv4')
  return true
}

const number = (value: string) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : undefined)
const flag = (value: string) => (/^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : undefined)
const binary = (value: string) =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value) ? value : undefined

const DATE = /^\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?)?$/
/** ms; a plain number is seconds. */
function date(value: string): number | undefined {
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1000
  const ms = DATE.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

const equal = <Value>(a: Value, b: Value) => a === b
const ORDERS: Record<string, (a: number, b: number) => boolean> = {
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
}

const positive = (name: string, takes: string, compile: Compile): [string, Operator][] => [
  [name, { negated: false, takes, compile }],
]
const both = (name: string, opposite: string, takes: string, compile: Compile): [string, Operator][] => [
  [name, { negated: false, takes, compile }],
  [opposite, { negated: true, takes, compile }],
]
const ordered = (type: string, takes: string, read: (value: string) => number | undefined): [string, Operator][] => [
  ...both(`${type}Equals`, `${type}NotEquals`, takes, anyOf(read, equal)),
  ...Object.entries(ORDERS).flatMap(([order, test]) => positive(type + order, takes, anyOf(read, test))),
]

/** All but `Null`, which asks for no value. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...both('StringEquals', 'StringNotEquals', 'a text', text({ wildcards: false })),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'a text', text({ wildcards: false, fold: true })),
  ...both('StringLike', 'StringNotLike', 'a text', text({ wildcards: true })),
  ...ordered('Numeric', 'a number', number),
  ...ordered('Date', "a date such as '2030-01-31T12:00:00Z', or seconds since 1970", date),
  ...positive('Bool', 'true or false', anyOf(flag, equal)),
  ...positive('BinaryEquals', 'bytes in base64', anyOf(binary, equal)),
  ...both('IpAddress', 'NotIpAddress', "an address or a range such as '10.0.0.0/8'", address),
  ...both('ArnEquals', 'ArnNotEquals', 'an ARN', arn),
  ...both('ArnLike', 'ArnNotLike', 'an ARN', arn),
])
