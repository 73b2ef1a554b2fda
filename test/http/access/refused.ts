import { expect } from 'vitest'
import { sqs } from '../../../lib/index.ts'

/** What a call is refused with, as SQS shows it: `code status: message`, of the Query protocol. */
export function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return told(error)
  }
  return expect.fail('the call was not refused')
}

export function told(error: unknown): string {
  const { code, status, message } = sqs.errorOf(error)
  return `${code} ${status}: ${message}`
}
