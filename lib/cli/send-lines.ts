// Messages from lines: any number of them, in batches, each with its own outcome.
import { createInterface } from 'node:readline'
import type { Entry, Outcome, Queue } from '../index.ts'
import { bodyOf, type Kind } from './bodies.ts'
import { Refusal } from './exit.ts'
import { count, toJson } from './output.ts'

const BATCH = 1000

/** Send each line that is not empty. What was refused is said at once. */
export async function sendLines(
  queue: Queue,
  input: NodeJS.ReadableStream,
  kind: Kind,
  { delay, json }: { delay?: string; json?: boolean },
): Promise<void> {
  const totals = { sent: 0, refused: 0 }
  const flush = async (batch: Line[]) => {
    const outcomes = await outcomesOf(queue, batch)
    outcomes.forEach((outcome, i) => {
      const { number } = batch[i] as Line
      totals['error' in outcome ? 'refused' : 'sent']++
      if (json) process.stdout.write(`${toJson(outcome)}\n`)
      else if ('error' in outcome) process.stderr.write(`boomerang: line ${number}: ${outcome.error.message}\n`)
    })
  }
  const batch: Line[] = []
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (text.trim() === '') continue
    batch.push(line(number, text, kind, delay))
    if (batch.length === BATCH) await flush(batch.splice(0))
  }
  await flush(batch)
  if (!json) process.stdout.write(`sent ${count(totals.sent, 'message')}\n`)
  if (totals.refused > 0) throw new Refusal(`${count(totals.refused, 'message')} refused`)
}

interface Line {
  number: number
  entry: Entry | { error: Error }
}

function line(number: number, text: string, kind: Kind, delay: string | undefined): Line {
  try {
    return { number, entry: { body: bodyOf(text, kind), ...(delay !== undefined && { delay }) } }
  } catch (error) {
    return { number, entry: { error: error as Error } }
  }
}

async function outcomesOf(queue: Queue, batch: Line[]): Promise<Outcome[]> {
  const entries = batch.map(({ entry }) => entry)
  const fit = entries.filter((entry): entry is Entry => 'body' in entry)
  const sent = (await queue.sendMany(fit))[Symbol.iterator]()
  return entries.map((entry) => ('error' in entry ? entry : (sent.next().value as Outcome)))
}
