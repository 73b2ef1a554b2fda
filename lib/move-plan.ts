// What a task moves: from which queue, where to, how fast, and which messages.
import { queueNamed } from './arn.ts'
import { isFifo } from './attributes.ts'
import { type Duration, milliseconds } from './duration.ts'
import { InvalidOption, WrongQueueType } from './errors.ts'
import { timeOf } from './id.ts'
import { flag, known, whole } from './options.ts'
import type { Parts } from './record.ts'

/** Which messages are moved: those for which all holds that is given. */
export interface MoveFilter {
  /** They have this attribute, with this value where one is given. */
  attribute?: { name: string; value?: string }
  /** Why they died: 'maxReceives' or 'rejected'. */
  reason?: string
  /** They were sent longer ago than this, or less long ago. */
  olderThan?: Duration
  newerThan?: Duration
}

export interface MoveOptions {
  /** A dead-letter queue, by name or ARN. */
  from: string
  /** Where the messages go; each to where it came from unless given. */
  to?: string
  /** Messages a second at the most, 1 to 500; as fast as it goes unless given. */
  rate?: number
  /** Messages at the most. */
  limit?: number
  filter?: MoveFilter
}

/** A task as it is kept: JSON. */
export interface Plan {
  to?: string | undefined
  rate?: number | undefined
  limit?: number | undefined
  attribute?: { name: string; value?: string } | undefined
  reason?: string | undefined
  olderThan?: number | undefined
  newerThan?: number | undefined
}

const MOVE_OPTIONS = ['from', 'to', 'rate', 'limit', 'filter', 'dryRun']
const MAX_RATE = 500
/** Why messages become dead letters. */
const REASONS = ['maxReceives', 'rejected', 'duplicate', 'QueueDoesNotExist']

/** Check what is asked for; answers the queue and the plan. */
export function planOf(options: MoveOptions & { dryRun?: boolean }, namespace: string): { from: string; plan: Plan } {
  if (options?.from === undefined) throw new InvalidOption('moves.start needs `from`, the dead-letter queue')
  known(options, MOVE_OPTIONS, 'moves.start')
  if (options.dryRun !== undefined) flag(options.dryRun, 'dryRun')
  const from = queueNamed(options.from, namespace)
  const plan: Plan = { ...filterOf(options.filter) }
  if (options.to !== undefined) plan.to = queueNamed(options.to, namespace)
  if (plan.to === from) throw new InvalidOption(`\`to\` must be another queue than \`from\`, got '${from}' for both`)
  if (plan.to !== undefined && isFifo(plan.to) !== isFifo(from))
    throw new WrongQueueType(
      `messages of a ${isFifo(from) ? 'FIFO' : 'standard'} queue go to such a queue, got '${plan.to}'`,
    )
  if (options.rate !== undefined) plan.rate = whole(options.rate, 'rate', 1, MAX_RATE)
  if (options.limit !== undefined) plan.limit = whole(options.limit, 'limit', 1, 1e9)
  return { from, plan }
}

function filterOf(filter: MoveFilter | undefined): Plan {
  if (filter === undefined) return {}
  known(filter, ['attribute', 'reason', 'olderThan', 'newerThan'], '`filter`')
  const { attribute, reason, olderThan, newerThan } = filter
  if (attribute !== undefined) {
    known(attribute, ['name', 'value'], '`filter.attribute`')
    text(attribute.name, 'filter.attribute.name')
    if (attribute.value !== undefined) text(attribute.value, 'filter.attribute.value')
  }
  if (reason !== undefined && !REASONS.includes(reason))
    throw new InvalidOption(
      `\`filter.reason\` must be ${REASONS.map((one) => `'${one}'`).join(', ')}, got '${String(reason)}'`,
    )
  return {
    attribute,
    reason,
    olderThan: olderThan === undefined ? undefined : milliseconds(olderThan, 'filter.olderThan'),
    newerThan: newerThan === undefined ? undefined : milliseconds(newerThan, 'filter.newerThan'),
  }
}

function text(value: unknown, name: string): void {
  if (typeof value === 'string' && value !== '') return
  throw new InvalidOption(`\`${name}\` must be a text that is not empty, got ${value === '' ? "''" : typeof value}`)
}

/** Whether a plan moves a message; ages count at `now`, when the task was started. */
export function selects(plan: Plan, short: string, { envelope, origin }: Parts, now: number): boolean {
  const age = now - timeOf(short)
  if (plan.olderThan !== undefined && age <= plan.olderThan) return false
  if (plan.newerThan !== undefined && age >= plan.newerThan) return false
  if (plan.reason !== undefined && origin?.reason !== plan.reason) return false
  if (plan.attribute === undefined) return true
  const held = envelope.attributes?.[plan.attribute.name]
  return held !== undefined && (plan.attribute.value === undefined || String(held.value) === plan.attribute.value)
}

/** Where a message goes; undefined where its source is not known. */
export function targetOf(plan: Plan, { origin }: Parts): string | undefined {
  return plan.to ?? origin?.source
}
