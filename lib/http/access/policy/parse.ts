// A policy, parsed once: of a user (identity policy) or of a queue (resource policy), as IAM writes them.
import { sqs } from '../../../index.ts'
import { meant } from '../suggest.ts'
import { type Condition, parseConditions } from './conditions.ts'
import { compilePattern, keysOf, type Pattern } from './match.ts'
import { type Principals, parsePrincipals } from './principals.ts'
import { listOf, type Problem, type Report, within } from './report.ts'

export type PolicyKind = 'identity' | 'queue'

export interface Policy {
  statements: Statement[]
  /** A statement asks for the queue's tags, which have to be read then. */
  tagged: boolean
}

export interface Statement {
  effect: 'Allow' | 'Deny'
  /** Of a queue's policy only. */
  principals?: Principals
  actions: Named
  resources: Named
  conditions: Condition[]
}

/** Those that one of the patterns fits, or those that none does. */
export interface Named {
  not: boolean
  patterns: Pattern[]
}

const VERSIONS = ['2008-10-17', '2012-10-17']
const ELEMENTS = ['Version', 'Id', 'Statement']
const COMMON = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']
const PRINCIPALS = ['Principal', 'NotPrincipal']

/** A queue's policy as somebody gives it: what is not understood is refused. */
export function parsePolicy(text: string): Policy {
  const { policy, problems } = compilePolicy(read(text), 'queue')
  if (problems.length > 0) sqs.refuse('InvalidAttributeValue', 'Invalid value for the parameter Policy.')
  return policy
}

/**
 * A queue's policy as it is stored. The library takes any JSON, so what is not understood can be there, and then it never
 * gives anything: such an Allow does not apply, and every other such statement denies all.
 */
export function storedPolicy(text: string): Policy {
  return compilePolicy(read(text), 'queue').policy
}

/** The policy as far as it is understood, and what is wrong with it. Throws nothing, whatever is given. */
export function compilePolicy(document: unknown, kind: PolicyKind): { policy: Policy; problems: Problem[] } {
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push({ path, message })
  if (!isObject(document)) {
    report([], 'is no policy: an object with `Statement`')
    return { policy: { statements: [EVERYTHING], tagged: false }, problems }
  }
  checkNames(document, ELEMENTS, report)
  const { Version = VERSIONS[0], Id, Statement } = document
  if (!VERSIONS.includes(Version as string)) report(['Version'], `is '${VERSIONS.join("' or '")}'`)
  if (Id !== undefined && typeof Id !== 'string') report(['Id'], 'is a text')
  const given = Statement === undefined ? [] : listOf(Statement)
  if (given.length === 0) report(['Statement'], 'has to be there')
  const wrong = problems.length
  const sids = new Set<string>()
  const statements = given.flatMap((one, index) => {
    const told = Array.isArray(Statement) ? within(report, 'Statement', index) : within(report, 'Statement')
    const before = problems.length
    const statement = parseStatement(one, { kind, variables: Version === VERSIONS[1], sids }, told)
    return problems.length === before && wrong === 0 ? statement : withoutTrust(one)
  })
  return { policy: { statements, tagged: statements.some(asksForTags) }, problems }
}

const EVERYTHING: Statement = {
  effect: 'Deny',
  actions: { not: true, patterns: [] },
  resources: { not: true, patterns: [] },
  conditions: [],
}

function withoutTrust(statement: unknown): Statement[] {
  return isObject(statement) && statement['Effect'] === 'Allow' ? [] : [EVERYTHING]
}

interface Inside {
  kind: PolicyKind
  variables: boolean
  /** Those of the statements before. */
  sids: Set<string>
}

function parseStatement(given: unknown, { kind, variables, sids }: Inside, report: Report): Statement {
  if (!isObject(given)) {
    report([], 'is an object with `Effect`, `Action` and `Resource`')
    return EVERYTHING
  }
  checkNames(given, [...COMMON, ...PRINCIPALS], report)
  const { Sid, Effect, Condition } = given
  if (Sid !== undefined && (typeof Sid !== 'string' || sids.has(Sid)))
    report(['Sid'], 'is a text of this statement only')
  sids.add(String(Sid))
  if (Effect !== 'Allow' && Effect !== 'Deny') report(['Effect'], "is 'Allow' or 'Deny'")
  const statement: Statement = {
    effect: Effect as Statement['effect'],
    actions: parseNames(given, 'Action', ACTION, { wildcards: true, variables: false, fold: true }, report),
    resources: parseNames(given, 'Resource', RESOURCE, { wildcards: true, variables }, report),
    conditions: parseConditions(Condition, variables, within(report, 'Condition')),
  }
  if (kind === 'identity') {
    for (const name of PRINCIPALS)
      if (name in given) report([name], "is for a queue's policy: a user's is about that user")
    return statement
  }
  const [name, not] = oneOf(given, 'Principal', report)
  return { ...statement, principals: parsePrincipals(given[name], not, within(report, name)) }
}

interface Form {
  form: RegExp
  expected: string
}
const ACTION: Form = { form: /^(\*|[\w-]+:[\w*?]+)$/, expected: "is '*' or an action such as 'sqs:SendMessage'" }
const RESOURCE: Form = { form: /^(\*|arn:.+)$/s, expected: "is '*' or an ARN such as 'arn:aws:sqs:*:*:orders'" }

function parseNames(
  statement: Record<string, unknown>,
  element: 'Action' | 'Resource',
  { form, expected }: Form,
  options: Parameters<typeof compilePattern>[1],
  report: Report,
): Named {
  const [name, not] = oneOf(statement, element, report)
  const given = statement[name]
  if (Array.isArray(given) && given.length === 0) report([name], 'names nothing')
  const patterns = listOf(given).map((text, index) => {
    if (typeof text === 'string' && form.test(text)) return compilePattern(text, options)
    if (given !== undefined) report(Array.isArray(given) ? [name, index] : [name], expected)
    return compilePattern('', options)
  })
  return { not, patterns }
}

/** Either an element or its opposite, and which one. */
function oneOf(statement: Record<string, unknown>, element: string, report: Report): [name: string, not: boolean] {
  const not = `Not${element}`
  if (element in statement === not in statement) report([], `has either \`${element}\` or \`${not}\``)
  return not in statement ? [not, true] : [element, false]
}

function checkNames(given: Record<string, unknown>, names: string[], report: Report): void {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) report([name], `is no element of this; ${meant(name, names)}`)
  }
}

function asksForTags({ resources, conditions }: Statement): boolean {
  const keys = [...resources.patterns.flatMap(keysOf), ...conditions.flatMap((condition) => condition.keys)]
  return keys.some((key) => key.startsWith('aws:resourcetag/'))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
