// Plays the script with a client, whichever it is.
import { expect } from 'vitest'
import { type Answered, type Known, type Record_, SCRIPT } from './script.ts'

/** Asks for an action; rejects with an error whose `code` is that of the Query protocol, or `UNKNOWN` where the client is older than the action. */
export type Ask = (action: string, input: Record_) => Promise<Answered>

/** In which the requests came that a server has answered. */
export const protocolsOf = ({ answered }: { answered: { protocol: string }[] }): string[] => [
  ...new Set(answered.map(({ protocol }) => protocol)),
]

/** The code of a client that does not know an action. */
export const UNKNOWN = 'unknown to the client'
/** Actions that clients of before June 2023 do not know. */
const YOUNG = ['StartMessageMoveTask', 'ListMessageMoveTasks', 'CancelMessageMoveTask']

/** Answers what the client did not know. */
export async function play(ask: Ask): Promise<string[]> {
  const unknown: string[] = []
  const known: Known = {}
  for (const { action, input, expected = {}, error, keep } of SCRIPT) {
    const asked = ask(action, input(known))
    if (error) {
      await expect(asked, action).rejects.toMatchObject({ code: error })
      continue
    }
    const answer = await asked.catch((error: { code?: string }) => {
      if (error.code !== UNKNOWN || !YOUNG.includes(action)) throw error
      unknown.push(action)
    })
    if (unknown.at(-1) === action) continue
    expect(answer, action).toMatchObject(expected)
    Object.assign(known, keep?.(answer))
  }
  return unknown
}
