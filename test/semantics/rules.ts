// The rules of SQS that are the library's, by section, each with the sentences that prove it: [rule, file, ...titles]. Section 1 and
// the wire's part of 4 are a face's. A test in test/project compares: titles stand in their files, and no action, attribute or section is left out.
import { ACTION_RULES } from './action-rules.ts'

/** `…` stands for what a test puts into its title. */
export type Rule = readonly [rule: string, file: string, ...titles: string[]]

export const SECTIONS = ['actions', 'attributes', 'limits', 'FIFO', 'dead letters', 'fair queues', 'errors'] as const

export const RULES: Record<(typeof SECTIONS)[number], Rule[]> = {
  actions: ACTION_RULES,
  attributes: [
    [
      'DelaySeconds: unless the message has one',
      'semantics/send',
      "gets the queue's delay unless it has one",
      'with a delay is not received before',
    ],
    [
      'MaximumMessageSize: counts body and attributes',
      'semantics/limits',
      'is that of its body',
      'counts names, types and values of its attributes: …',
      'may be the largest that SQS takes',
    ],
    [
      'MessageRetentionPeriod: older ones are not delivered; holds for messages that are there',
      'semantics/retention',
      'older than the retention is not delivered, and is gone',
      'a change of the retention concerns messages that are there',
    ],
    [
      'ReceiveMessageWaitTimeSeconds: a receive without one waits so long',
      'semantics/defaults',
      'a receive without `wait` waits as long as the queue says',
      'a receive with a `wait` of its own waits for that, not as long as the queue says',
    ],
    [
      'VisibilityTimeout: then it comes again',
      'semantics/receive',
      'hands a message out again after its deadline, with the next numbers',
    ],
    [
      'RedrivePolicy: a queue, and how often',
      'semantics/dead-letter-queues',
      'goes there on the receive that finds it spent',
    ],
    ['RedriveAllowPolicy: whose dead letters it takes', 'semantics/queues', 'says whose dead letters it takes'],
    ['Policy: text with limits', 'sqs/policy', 'are refused as SQS does'],
    [
      'KmsMasterKeyId, KmsDataKeyReusePeriodSeconds, SqsManagedSseEnabled: exclude each other',
      'semantics/changes',
      'of encryption exclude each other',
    ],
    ['FifoQueue: what the name says', 'sqs/attributes', 'say at creation what the name says: FIFO or not'],
    [
      'ContentBasedDeduplication: SHA-256 of the body',
      'semantics/deduplication',
      'goes by the SHA-256 of the body, which the receiver sees',
      'gives way to an id that is given',
    ],
    [
      'DeduplicationScope, FifoThroughputLimit: queue or message group',
      'semantics/deduplication',
      "is the queue: another group's is the same",
      "or each message group: another group's is another",
    ],
    [
      'QueueArn, CreatedTimestamp, LastModifiedTimestamp, ApproximateNumberOfMessages: read only',
      'sqs/attributes',
      'are all of a standard queue',
      'are refused where SQS has none of the name, or only shows it',
    ],
    ['ApproximateNumberOfMessages: each state is counted', 'semantics/queue', 'count each state over all partitions'],
  ],
  limits: [
    [
      'message attributes: names, types, numbers',
      'semantics/message-attributes',
      '…, and nothing is sent',
      "keep a suffix of the sender's own",
    ],
    ['filters of attributes', 'semantics/message-attributes', 'those of a prefix'],
    ['120,000 in flight', 'semantics/defaults', '120,000 messages may be in flight unless the queue says otherwise'],
    [
      'past it: OverLimit, on FIFO nothing',
      'semantics/limits',
      'refuse the next receive of a … queue, until one is done',
      'are answered with nothing on a FIFO queue',
    ],
    ['deduplication ids: 5 minutes', 'lua/deduplication', 'does not make the window longer'],
    [
      'names of groups and deduplication ids',
      'semantics/deduplication',
      'an id with all the characters that it may have is told, also over the longest group',
    ],
    [
      'system attributes',
      'semantics/message-attributes',
      'when it was sent, how often and when first it was received',
      'its trace header and its sender, and none where there was none',
      'on a FIFO queue also its group, deduplication id and sequence number',
    ],
    ['receipt handles: new on each receive', 'semantics/receipts', 'has another receipt in each delivery'],
  ],
  FIFO: [
    [
      'a batch may hold several of a group',
      'semantics/fifo',
      'comes in the order in which it was sent, several in one receive',
    ],
    [
      'a group is locked until all are deleted or visible',
      'semantics/fifo',
      'is locked while one of its messages is in flight, and other groups go on',
      'is locked until all that were received of it are done',
    ],
    [
      'nothing while the head is invisible; up to the first invisible one',
      'semantics/fifo',
      'gives nothing while its head is invisible, though a later message is visible',
      'gives what stands before the first invisible message',
    ],
    [
      'visibility 0, and expiry, make the head come again',
      'semantics/fifo',
      'is receivable at once, from its head, when visibility is set to 0',
      'comes again from its head when the deadline has passed',
    ],
    ['deleting after the deadline fails', 'semantics/receipts', 'on a FIFO queue an expired receipt deletes nothing'],
    ['the delay is the queue’s', 'semantics/fifo', "waits for the queue's delay, and may have none of its own"],
    [
      'a duplicate succeeds with the first id and number',
      'semantics/deduplication',
      'stores nothing, and is answered with the first id and sequence number',
      'is told while the first is in flight, and after it was deleted',
    ],
    [
      'sequence numbers of 20 digits',
      'semantics/fifo',
      'has a sequence number of 20 digits that rises within the group',
    ],
    [
      'a group and a deduplication id are needed',
      'semantics/fifo',
      'needs a group, and a deduplication id or a queue that makes one',
    ],
    [
      'the order of sends',
      'semantics/ordered-sends',
      'while the queue opens and after',
      'that Redis forgets its scripts',
    ],
  ],
  'dead letters': [
    [
      'the move comes on the next receive, and keeps the id; the count rises; the source is told',
      'semantics/dead-letter-queues',
      'goes there on the receive that finds it spent',
      'comes there with its id, its deliveries, and why',
    ],
    [
      'a standard one keeps its age, a FIFO one begins anew',
      'semantics/retention',
      'goes on from its send in the dead-letter queue of a standard queue',
      'begins anew in the dead-letter queue of a FIFO queue',
    ],
    ['a move back begins the age anew', 'semantics/retention', 'begins anew when it is moved back, on a … queue'],
    [
      'groups keep their order on the way',
      'semantics/follow-ups',
      'dead letters keep the order of their groups, and so do messages that are moved back',
    ],
  ],
  'fair queues': [
    [
      'quiet tenants first; no group is a tenant of its own',
      'semantics/fair',
      'comes before a noisy one that has waited for longer',
      'is a tenant of its own: it comes before noisy ones',
    ],
    ['noisy by number and share', 'semantics/fair', 'is not noisy for less than its share of all in flight'],
    [
      'of noisy ones that with the fewest in flight',
      'semantics/fair',
      'comes after one that is noisy with fewer messages in flight',
    ],
    ['noisiness ends', 'semantics/fair', 'is quiet again when its messages are done'],
  ],
  errors: [
    ['what was recorded comes out the same', 'sqs/recorded', 'is one of 59, and each cause has one'],
    ['each error has a name, a code and a status', 'sqs/errors', '%s has a name, a code and a status of SQS'],
  ],
}
