// RedrivePolicy and RedriveAllowPolicy: JSON on the side of SQS, `deadLetter` and `redriveAllow` in the library.
import { invalid } from './shapes.ts'

export interface DeadLetter {
  /** An ARN. */
  queue: string
  maxReceives: number
}

/** Which queues may name this one as their dead-letter queue. */
export type RedriveAllow = 'all' | 'none' | string[]

/** Where a RedrivePolicy does not say how often, as SQS documents it. */
const USUAL_MAX_RECEIVES = 10
const MAX_SOURCES = 10

export function parseRedrivePolicy(text: string): DeadLetter {
  const refuse = (reason: string) => invalid(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`)
  const policy = mapOf(text) ?? refuse('Redrive policy is not a valid JSON map.')
  const { deadLetterTargetArn: queue, maxReceiveCount: count = USUAL_MAX_RECEIVES } = policy
  if (queue === undefined) refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.')
  if (typeof queue !== 'string' || queue === '') return refuse('Invalid value for deadLetterTargetArn.')
  const maxReceives = typeof count === 'string' && /^\d{1,4}$/.test(count) ? Number(count) : count
  if (typeof maxReceives !== 'number' || !Number.isInteger(maxReceives) || maxReceives < 1 || maxReceives > 1000) {
    refuse(`Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`)
  }
  return { queue, maxReceives: maxReceives as number }
}

export function formatRedrivePolicy(arn: string, maxReceives: number): string {
  return JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: maxReceives })
}

export function parseRedriveAllow(text: string): RedriveAllow {
  const refuse = (reason: string) =>
    invalid(`Value ${text} for parameter RedriveAllowPolicy is invalid. Reason: ${reason}`)
  const policy = mapOf(text) ?? refuse('Amazon SQS can not parse the redrive allow policy.')
  const { redrivePermission: permission, sourceQueueArns: sources } = policy
  if (permission !== 'byQueue') {
    if (permission !== 'allowAll' && permission !== 'denyAll')
      refuse('redrivePermission must be allowAll, denyAll or byQueue.')
    if (sources !== undefined) refuse('sourceQueueArns can be given only when redrivePermission is byQueue.')
    return permission === 'denyAll' ? 'none' : 'all'
  }
  if (!Array.isArray(sources) || sources.length < 1 || sources.length > MAX_SOURCES) {
    return refuse(`sourceQueueArns must be a list of 1 to ${MAX_SOURCES} ARNs when redrivePermission is byQueue.`)
  }
  if (sources.some((arn) => typeof arn !== 'string' || arn === '')) refuse('sourceQueueArns must be ARNs of queues.')
  return sources
}

export function formatRedriveAllow(allow: RedriveAllow, arnOf: (name: string) => string): string {
  if (allow === 'all') return JSON.stringify({ redrivePermission: 'allowAll' })
  if (allow === 'none') return JSON.stringify({ redrivePermission: 'denyAll' })
  return JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: allow.map(arnOf) })
}

function mapOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
