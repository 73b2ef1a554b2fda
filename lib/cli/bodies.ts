// From what stands on the command line, in a line or in a file to the body of a message.
import { readFileSync } from 'node:fs'
import { Refusal } from './exit.ts'

/** 'guess': JSON where it begins like an object or a list, else text. */
export type Kind = 'json' | 'text' | 'guess'

export function bodyOf(text: string, kind: Kind): unknown {
  if (kind === 'text' || (kind === 'guess' && !/^\s*[{[]/.test(text))) return text
  try {
    return JSON.parse(text)
  } catch (cause) {
    const way = kind === 'guess' ? '; send it with --text if it is none' : ''
    throw new Refusal(`the body is not JSON: ${(cause as Error).message}${way}`, { cause })
  }
}

/** A file's JSON or text where that was asked for, else its bytes. */
export function fileBody(path: string, kind: Kind): unknown {
  const bytes = read(path)
  return kind === 'guess' ? bytes : bodyOf(bytes.toString('utf8'), kind)
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Refusal(`cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause })
  }
}
