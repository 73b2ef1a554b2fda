// The queue that takes another's dead letters: it exists, and allows it.
import { storedOf } from './attribute-fields.ts'
import { QueueDoesNotExist, RedriveNotAllowed } from './errors.ts'
import type { Declared, Home } from './redis/home.ts'

export async function checkDeadLetterQueue(
  source: Home,
  name: string | null | undefined,
  deadline: number,
): Promise<void> {
  if (!name) return
  const found = await source.of(name).look(deadline)
  if (!found || found.removing) {
    throw Object.assign(new QueueDoesNotExist(`the dead-letter queue ${name} does not exist`), { role: 'deadLetter' })
  }
  const { redriveAllow } = storedOf(found.fields)
  const list = Array.isArray(redriveAllow) ? redriveAllow : undefined
  if (redriveAllow === 'all' || list?.includes(source.queue)) return
  throw new RedriveNotAllowed(
    `queue ${name} does not take dead letters of ${source.queue}: its \`redriveAllow\` is ${list?.join(', ') ?? "'none'"}`,
  )
}

/** Whether a queue's dead letters go to queue `name`. */
export function sendsDeadLettersTo(found: Declared | undefined, name: string): boolean {
  return found !== undefined && !found.removing && found.fields.deadLetterQueue === name
}
