// What removes messages for good is asked before: on a terminal by a question, elsewhere by --yes.
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { Refusal } from './exit.ts'

export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
}

const terminal: Terminal = { input: process.stdin, output: process.stderr }

/** Settles when the user agrees; what will be done completes the sentence "This will …". */
export async function confirm(
  options: { yes?: boolean },
  what: string,
  { input, output }: Terminal = terminal,
): Promise<void> {
  if (options.yes) return
  if (!input.isTTY) throw new Refusal(`this would ${what}; add --yes to do it (there is no terminal to ask on)`)
  const asked = createInterface({ input, output })
  try {
    const ended = once(asked, 'close').then(() => '')
    const answer = await Promise.race([asked.question(`This will ${what}. Go on? [y/N] `), ended])
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new Refusal('nothing was removed')
  } finally {
    asked.close()
  }
}
