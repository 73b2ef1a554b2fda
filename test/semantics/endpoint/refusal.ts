// Refusals of the endpoint in the library's words: SQS has one code for most of them, and a text for each.
import { SQSServiceException } from '@aws-sdk/client-sqs'

/** What each says in the library; the first that fits. */
const WORDS: [code: string, message: RegExp, word: string][] = [
  ['AWS.SimpleQueueService.NonExistentQueue', /^The specified queue does not exist\.$/, 'QueueDoesNotExist'],
  [
    'ResourceNotFoundException',
    /^The resource that you specified for the \w+ parameter doesn't exist\.$/,
    'QueueDoesNotExist',
  ],
  ['InvalidParameterValue', /Dead letter target does not exist\.$/, 'QueueDoesNotExist'],
  ['QueueAlreadyExists', /a different value for attribute/, 'QueueNameExists'],
  ['AWS.SimpleQueueService.QueueDeletedRecently', /^You must wait 60 seconds/, 'QueueDeletedRecently'],
  ['AWS.SimpleQueueService.PurgeQueueInProgress', /^Only one PurgeQueue/, 'PurgeInProgress'],
  ['InvalidParameterValue', /Message must be shorter than \d+ bytes\.$/, 'MessageTooLarge'],
  ['MissingParameter', /parameter MessageGroupId\.$/, 'MissingGroup'],
  ['InvalidParameterValue', /^The queue should either have ContentBasedDeduplication/, 'MissingDeduplicationId'],
  ['InvalidParameterValue', /not valid for this queue type\.$/, 'WrongQueueType'],
  ['InvalidParameterValue', /not available for visibility timeout change\.$/, 'MessageNotInFlight'],
  ['InvalidParameterValue', /The receipt handle has expired\.$/, 'ReceiptExpired'],
  ['InvalidParameterValue', /Total VisibilityTimeout for the message is beyond the limit/, 'VisibilityTooLong'],
  [
    'InvalidParameterValue',
    /^Value for parameter RedrivePolicy is invalid\. Reason: .*redriveAllow/,
    'RedriveNotAllowed',
  ],
  ['OverLimit', /maxInFlight/, 'OverLimit'],
  ['InvalidParameterValue', /^Source queue must be configured as a Dead Letter Queue\.$/, 'NotADeadLetterQueue'],
  ['InvalidParameterValue', /^There is already a task running\./, 'MoveTaskRunning'],
  ['ResourceNotFoundException', /^Task does not exist\.$/, 'MoveTaskDoesNotExist'],
]

/** A refusal: `code` is the library's word where SQS's text tells which it is, else SQS's code. */
export class EndpointRefusal extends Error {
  readonly code: string
  /** That of the call. */
  readonly receipt: string | undefined

  constructor(code: string, message: string, receipt?: string) {
    super(message)
    this.receipt = receipt
    this.code = WORDS.find(([known, text]) => known === code && text.test(message))?.[2] ?? code
  }
}

/** What a call of the SDK answers; its refusals as above, and `signal`'s reason where it has ended the call. */
export async function asked<Answer>(
  call: Promise<Answer>,
  { signal, receipt }: { signal?: AbortSignal | undefined; receipt?: string } = {},
): Promise<Answer> {
  try {
    return await call
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (!(error instanceof SQSServiceException)) throw error
    const { Code = error.name } = error as { Code?: string }
    throw new EndpointRefusal(Code, error.message, receipt)
  }
}
