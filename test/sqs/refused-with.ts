import { expect } from 'vitest'
import { BoomerangError, sqs } from '../../lib/index.ts'

/** A check of SQS's rules refuses, and this is what SQS shows. */
export function refusedWith(call: () => unknown, expected: { code?: string; message: string | RegExp }): void {
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(BoomerangError)
  const { message, code = 'InvalidParameterValue' } = expected
  const text = typeof message === 'string' ? message : expect.stringMatching(message)
  expect(sqs.errorOf(thrown)).toMatchObject({ code, message: text })
}
