// XML as real SQS writes it. It is only written here: no request holds XML.
import Builder from 'fast-xml-builder'
import type { Shape } from './model.ts'

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/'
const ATTRIBUTE = '@'

const builder = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  suppressEmptyNode: true,
  // Its own list of entities leaves out CR.
  processEntities: false,
})

type Element = Record<string, unknown>

/** A void action has no `output`, and its answer no element for it. */
export function encodeXml(
  action: string,
  output: Shape | undefined,
  result: object | undefined,
  requestId: string,
): string {
  const told = output && { [`${action}Result`]: elementOf(output, result ?? {}) }
  return document(`${action}Response`, { ...told, ResponseMetadata: { RequestId: requestId } })
}

export function errorXml(code: string, message: string, fault: 'Sender' | 'Receiver', requestId: string): string {
  const error = { Type: fault, Code: code, Message: escaped(message), Detail: '' }
  return document('ErrorResponse', { Error: error, RequestId: requestId })
}

function document(name: string, content: Element): string {
  return `<?xml version="1.0"?>${builder.build({ [name]: { [`${ATTRIBUTE}xmlns`]: NAMESPACE, ...content } })}`
}

/** A value in the builder's words: an array is as many elements of one name, undefined is none. */
function elementOf(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  switch (shape.kind) {
    case 'string':
      return escaped(value as string)
    case 'bytes':
      return typeof value === 'string' ? escaped(value) : Buffer.from(value as Uint8Array).toString('base64')
    case 'list':
      return (value as unknown[]).map((one) => elementOf(shape.of, one))
    case 'map':
      return Object.keys(value).map((name) => {
        return { [shape.key]: escaped(name), Value: elementOf(shape.of, (value as Element)[name]) }
      })
    case 'structure': {
      const element: Element = {}
      for (const name in shape.members) {
        const member = shape.members[name] as Shape
        const content = elementOf(member, (value as Element)[name])
        if (content !== undefined) element[nameOf(member, name)] = content
      }
      return element
    }
    default:
      return String(value)
  }
}

/** Lists and maps are flattened: their elements have a name of their own. */
function nameOf(shape: Shape, member: string): string {
  return shape.kind === 'list' || shape.kind === 'map' ? (shape.query[0] ?? member) : member
}

/** All but the characters that stand in XML as they are. */
const SPECIAL = /[^\t\n !#-%'-;=?-\uD7FF\uE000-\uFFFD]/
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader turns a CR that stands for itself into LF, and the body has another MD5 then.
  '\r': '&#xD;',
}

/**
 * What of a text XML 1.0 can hold: the rest is shown as U+FFFD. SQS takes no such characters, but the library's own
 * senders may use them, and one such message must not spoil the answer for all others. Digests are of what is shown.
 */
export function legible(text: string): string {
  return SPECIAL.test(text) ? text.replace(FORBIDDEN, '\uFFFD') : text
}

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>"\r]/g, (character) => ENTITIES[character] as string)
}
