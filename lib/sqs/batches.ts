// Calls of SQS that send messages or name them by receipts, and their batches: up to 10 entries, each with an outcome of its own.
import { isFifo } from '../attributes.ts'
import type { Outcome } from '../bulk.ts'
import { BoomerangError, LostMessage, MissingGroup, ReceiptExpired, VisibilityTooLong } from '../errors.ts'
import type { Queue } from '../queue.ts'
import type { Sent } from '../sender.ts'
import { parseVisibility } from './calls.ts'
import { parseSend, type Send, type SendCall, type Sending, sizeOfCall } from './messages.ts'
import { missing, refuse } from './shapes.ts'

/** What became of the entries of a batch, by their ids. */
export interface BatchOutcome<Told> {
  successful: { id: string; told: Told }[]
  failed: { id: string; error: BoomerangError }[]
}

export interface ReceiptCall {
  ReceiptHandle?: string
}
export interface VisibilityCall extends ReceiptCall {
  VisibilityTimeout?: unknown
}
export type BatchEntry<Call> = Call & { Id?: string }

type AnyQueue = Queue<never, never> | Queue

const MAX_ENTRIES = 10
const MAX_BATCH = 1_048_576

/** Refuse a batch that has no entries, too many, or ids that are none or not distinct. `entries` names their kind. */
export function checkEntries(given: readonly { Id?: string }[] | undefined, kind: string): void {
  const { length } = given ?? []
  if (length === 0) refuse('EmptyBatchRequest', `There should be at least one ${kind} in the request.`)
  if (length > MAX_ENTRIES) {
    refuse(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${length}.`,
    )
  }
  const seen = new Set<unknown>()
  for (const { Id } of given ?? []) {
    if (typeof Id !== 'string' || !/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      refuse(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
    if (seen.has(Id)) refuse('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`)
    seen.add(Id)
  }
}

/** SendMessage. */
export async function sendMessage(queue: AnyQueue, call: SendCall, sending?: Sending): Promise<Sent> {
  const { body, options } = parseSend(call, { fifo: isFifo(queue.name) }, sending)
  return (queue as Queue).send(body, options)
}

/** SendMessageBatch. What the whole batch does wrong rejects; what one entry does is its own outcome. */
export async function sendBatch(
  queue: AnyQueue,
  entries: BatchEntry<SendCall>[],
  sending?: Sending,
): Promise<BatchOutcome<Sent>> {
  checkEntries(entries, 'SendMessageBatchRequestEntry')
  const bytes = entries.reduce((sum, entry) => sum + sizeOfCall(entry), 0)
  if (bytes > MAX_BATCH) {
    refuse(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BATCH} bytes. You have sent ${bytes} bytes.`,
    )
  }
  const fifo = isFifo(queue.name)
  if (fifo && entries.some(({ MessageGroupId }) => MessageGroupId === undefined)) {
    const message = 'The request must contain the parameter MessageGroupId.'
    throw new MissingGroup(message, { sqs: { shape: 'InvalidParameterValueException', message } })
  }
  const outcome: BatchOutcome<Sent> = { successful: [], failed: [] }
  const messages: Ready[] = []
  for (const entry of entries) {
    const id = entry.Id as string
    try {
      messages.push({ id, ...parseSend(entry, { fifo }, sending) })
    } catch (error) {
      outcome.failed.push({ id, error: named(error) })
    }
  }
  const answers = await sent(queue as Queue, messages, fifo)
  for (let i = 0; i < answers.length; i++) {
    const [{ id }, told] = [messages[i] as Ready, answers[i] as Outcome]
    if ('error' in told) outcome.failed.push({ id, error: named(told.error) })
    else outcome.successful.push({ id, told })
  }
  return outcome
}

/** An entry that can be sent. */
interface Ready extends Send {
  id: string
}

// On a standard queue one by one: so they travel with what others send at the same time, where sendMany has batches of its
// own. On a FIFO queue the call takes one turn, and its order stays.
async function sent(queue: Queue, messages: Ready[], fifo: boolean): Promise<Outcome[]> {
  if (fifo) return queue.sendMany(messages.map(({ body, options }) => ({ body, ...options })))
  return Promise.all(messages.map(({ body, options }) => queue.send(body, options).catch((error) => ({ error }))))
}

/** DeleteMessage: of a message that is gone it is no failure, nor, but on FIFO queues, of one that others have received. */
export async function deleteMessage(queue: AnyQueue, { ReceiptHandle }: ReceiptCall): Promise<void> {
  const receipt = ReceiptHandle ?? missing('ReceiptHandle')
  try {
    await queue.delivery(receipt).delete()
  } catch (error) {
    if (!(error instanceof LostMessage)) throw error
    if (queue.name.endsWith('.fifo'))
      throw Object.assign(new ReceiptExpired(error.message, { cause: error }), { receipt })
  }
}

/** ChangeMessageVisibility. */
export async function changeVisibility(queue: AnyQueue, call: VisibilityCall): Promise<void> {
  const receipt = call.ReceiptHandle ?? missing('ReceiptHandle')
  if (call.VisibilityTimeout === undefined) missing('VisibilityTimeout')
  const visibility = parseVisibility(call.VisibilityTimeout)
  await queue
    .delivery(receipt)
    .extend(visibility)
    .catch((error) => {
      if (error instanceof VisibilityTooLong) error.visibility ??= visibility
      throw error
    })
}

export async function deleteBatch(queue: AnyQueue, entries: BatchEntry<ReceiptCall>[]): Promise<BatchOutcome<void>> {
  checkEntries(entries, 'DeleteMessageBatchRequestEntry')
  return each(entries, (entry) => deleteMessage(queue, entry))
}

export async function changeVisibilityBatch(
  queue: AnyQueue,
  entries: BatchEntry<VisibilityCall>[],
): Promise<BatchOutcome<void>> {
  checkEntries(entries, 'ChangeMessageVisibilityBatchRequestEntry')
  return each(entries, (entry) => changeVisibility(queue, entry))
}

// The calls of one batch meet in the library's own batches.
async function each<Call>(
  entries: BatchEntry<Call>[],
  call: (entry: BatchEntry<Call>) => Promise<void>,
): Promise<BatchOutcome<void>> {
  const outcome: BatchOutcome<void> = { successful: [], failed: [] }
  const settled = await Promise.allSettled(entries.map(call))
  for (const [i, result] of settled.entries()) {
    const id = entries[i]?.Id as string
    if (result.status === 'fulfilled') outcome.successful.push({ id, told: undefined })
    else outcome.failed.push({ id, error: named(result.reason) })
  }
  return outcome
}

/** An outcome is told by errors of Boomerang; anything else is a defect and goes up. */
function named(error: unknown): BoomerangError {
  if (error instanceof BoomerangError) return error
  throw error
}
