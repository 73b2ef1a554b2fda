// AWS JSON 1.0: members by the names of the model, bytes in base64.
import { isUtf8 } from 'node:buffer'
import { sqs } from '../../index.ts'
import { bytesOf } from './base64.ts'
import { hasMoreContainers } from './containers.ts'
import type { Shape } from './model.ts'

const MAX_CONTAINERS = 10_000
/** A body that is no larger cannot have enough of them to do harm. */
const SMALL = 65_536

type Given = Record<string, unknown>

export function decodeJson(body: Buffer, input: Shape): Given {
  return read(input, parsed(body)) as Given
}

export function encodeJson(output: Shape | undefined, result: object | undefined): string {
  return output === undefined ? '' : JSON.stringify(written(output, result ?? {}) ?? {})
}

/** SDKs send no body at all where an action takes nothing. */
function parsed(body: Buffer): unknown {
  if (body.length === 0) return {}
  if (!isUtf8(body)) refuse('The body is not UTF-8')
  if (body.length > SMALL && hasMoreContainers(body, MAX_CONTAINERS)) {
    refuse(`The body has more than ${MAX_CONTAINERS} lists and maps`)
  }
  try {
    return JSON.parse(body.toString())
  } catch {
    return refuse('The body is not JSON')
  }
}

/** The value if it is of its shape. Members that the shape does not have are ignored, and `null` is not given. */
function read(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : refused(value, 'a String')
    case 'integer':
      return typeof value === 'number' ? value : digits(value)
    case 'boolean':
      return typeof value === 'boolean' ? value : refused(value, 'a Boolean')
    case 'bytes':
      return (typeof value === 'string' && bytesOf(value)) || refused(value, 'a Blob')
    case 'list':
      if (!Array.isArray(value)) return refuse('Expected list or null')
      return value.filter((element) => element !== null).map((element) => read(shape.of, element))
    case 'map': {
      const entries: Given = Object.create(null)
      for (const [name, element] of Object.entries(objectOf(value))) {
        if (element !== null) entries[name] = read(shape.of, element)
      }
      return entries
    }
    case 'structure': {
      const given = objectOf(value)
      const members: Given = {}
      for (const name in shape.members) {
        const member = given[name]
        if (member !== undefined && member !== null) members[name] = read(shape.members[name] as Shape, member)
      }
      return members
    }
  }
}

function objectOf(value: unknown): Given {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse('Expected map or null')
  return value as Given
}

/** Clients in languages that are loose about types send numbers as text. */
function digits(value: unknown): number {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : refused(value, 'an Integer')
}

function refused(value: unknown, wanted: string): never {
  if (Array.isArray(value)) return refuse('Start of list found where not expected')
  if (typeof value === 'object') return refuse('Start of structure or map found where not expected.')
  const found = typeof value === 'boolean' ? String(value) : typeof value
  return refuse(`${found.toUpperCase()}_VALUE can not be converted to ${wanted}`)
}

function refuse(message: string): never {
  return sqs.refuse('SerializationException', message)
}

/** What JSON.stringify is to write; undefined is left out. */
function written(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  switch (shape.kind) {
    case 'bytes':
      return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64')
    case 'list':
      return (value as unknown[]).length === 0 ? undefined : (value as unknown[]).map((one) => written(shape.of, one))
    case 'map': {
      const names = Object.keys(value)
      if (names.length === 0) return undefined
      const entries: Given = Object.create(null)
      for (const name of names) entries[name] = written(shape.of, (value as Given)[name])
      return entries
    }
    case 'structure': {
      const members: Given = {}
      for (const name in shape.members) {
        const member = written(shape.members[name] as Shape, (value as Given)[name])
        if (member !== undefined) members[name] = member
      }
      return members
    }
    default:
      return value
  }
}
