// How each attribute is shown, from what the library stores and counts.
import type { Stored } from '../attribute-fields.ts'
import { formatRedriveAllow, formatRedrivePolicy } from './redrive.ts'

/** What `queue.attributes()` and `queue.stats()` say of a queue, as far as SQS shows it. */
export interface QueueFacts
  extends Pick<
    Stored,
    | 'visibility'
    | 'delay'
    | 'maxMessageSize'
    | 'retention'
    | 'wait'
    | 'deadLetterQueue'
    | 'maxReceives'
    | 'redriveAllow'
    | 'policy'
    | 'kmsMasterKeyId'
    | 'kmsDataKeyReusePeriod'
    | 'sqsManagedSse'
    | 'fifo'
    | 'contentBasedDeduplication'
    | 'deduplicationScope'
    | 'fifoThroughputLimit'
  > {
  arn: string
  created: Date
  modified: Date
  ready: number
  delayed: number
  inFlight: number
}

type Format = (facts: QueueFacts) => string | undefined

const REUSE_PERIOD = 300_000
const seconds = (ms: number) => String(Math.floor(ms / 1000))
const onFifo =
  (format: (facts: QueueFacts) => string): Format =>
  (facts) =>
    facts.fifo ? format(facts) : undefined
/** Of another queue of the same account. */
const beside =
  ({ arn }: QueueFacts) =>
  (name: string) =>
    arn.slice(0, arn.lastIndexOf(':') + 1) + name

/** Those that a call can set. */
export const WRITTEN: Readonly<Record<string, Format>> = {
  VisibilityTimeout: ({ visibility }) => seconds(visibility),
  DelaySeconds: ({ delay }) => seconds(delay),
  MaximumMessageSize: ({ maxMessageSize }) => String(maxMessageSize),
  MessageRetentionPeriod: ({ retention }) => seconds(retention),
  ReceiveMessageWaitTimeSeconds: ({ wait }) => seconds(wait),
  RedrivePolicy: (facts) =>
    facts.deadLetterQueue ? formatRedrivePolicy(beside(facts)(facts.deadLetterQueue), facts.maxReceives) : undefined,
  // What is usual is not shown: whether it was ever set cannot be told.
  RedriveAllowPolicy: (facts) =>
    facts.redriveAllow === 'all' ? undefined : formatRedriveAllow(facts.redriveAllow, beside(facts)),
  Policy: ({ policy }) => policy || undefined,
  KmsMasterKeyId: ({ kmsMasterKeyId }) => kmsMasterKeyId || undefined,
  KmsDataKeyReusePeriodSeconds: ({ kmsMasterKeyId, kmsDataKeyReusePeriod }) =>
    kmsMasterKeyId || kmsDataKeyReusePeriod !== REUSE_PERIOD ? seconds(kmsDataKeyReusePeriod) : undefined,
  SqsManagedSseEnabled: ({ kmsMasterKeyId, sqsManagedSse }) => String(!kmsMasterKeyId && sqsManagedSse),
  ContentBasedDeduplication: onFifo(({ contentBasedDeduplication }) => String(contentBasedDeduplication)),
  DeduplicationScope: onFifo(({ deduplicationScope }) => deduplicationScope),
  FifoThroughputLimit: onFifo(({ fifoThroughputLimit }) => fifoThroughputLimit),
}

/** Those that only the queue itself says. FifoQueue is set by the creation alone. */
export const READ_ONLY: Readonly<Record<string, Format>> = {
  FifoQueue: onFifo(() => 'true'),
  QueueArn: ({ arn }) => arn,
  CreatedTimestamp: ({ created }) => seconds(created.getTime()),
  LastModifiedTimestamp: ({ modified }) => seconds(modified.getTime()),
  ApproximateNumberOfMessages: ({ ready }) => String(ready),
  ApproximateNumberOfMessagesDelayed: ({ delayed }) => String(delayed),
  ApproximateNumberOfMessagesNotVisible: ({ inFlight }) => String(inFlight),
}
