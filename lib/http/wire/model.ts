// What an action takes and answers, said once: both protocols check, read and write by it.

export type Shape =
  | { kind: 'string' | 'integer' | 'boolean' | 'bytes' }
  /** `query`: the names that an element has in a form; the first one is its element in XML. */
  | { kind: 'list'; of: Shape; query: string[] }
  /** `key`: what names an entry in a form and in XML: <Attribute><Name/><Value/>, <Tag><Key/><Value/>. */
  | { kind: 'map'; of: Shape; query: string[]; key: 'Name' | 'Key' }
  | { kind: 'structure'; members: Record<string, Shape> }

export const string: Shape = { kind: 'string' }
export const integer: Shape = { kind: 'integer' }
export const boolean: Shape = { kind: 'boolean' }
export const bytes: Shape = { kind: 'bytes' }
export const list = (of: Shape, ...query: string[]): Shape => ({ kind: 'list', of, query })
export const map = (of: Shape, key: 'Name' | 'Key', ...query: string[]): Shape => ({ kind: 'map', of, query, key })
/** Its members in the order of SQS's model, which is that of the elements in XML. */
export const structure = (members: Record<string, Shape>): Shape => ({ kind: 'structure', members })
