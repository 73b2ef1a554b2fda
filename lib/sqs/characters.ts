import { refuse } from './shapes.ts'

const OTHERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** Whether a text has only the characters that SQS takes. The library itself takes every text that UTF-8 can hold. */
export function allowedCharacters(text: string): boolean {
  return !OTHERS.test(text)
}

export function checkCharacters(text: string, shape = 'InvalidMessageContents'): void {
  if (allowedCharacters(text)) return
  refuse(
    shape,
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  )
}
