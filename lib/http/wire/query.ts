// The Query protocol: a form whose names are paths, `Attribute.2.Value`. Lists and maps are flattened, and an element that
// is alone may stand without its number.
import { sqs } from '../../index.ts'
import { bytesOf } from './base64.ts'
import type { Shape } from './model.ts'

/** A place in the paths of the names. */
interface Node {
  value?: string
  children?: Map<string, Node>
}

/** No name of the model is longer: SendMessageBatchRequestEntry.member.1.MessageAttribute.member.1.Value.StringValue. */
const MAX_DEPTH = 8

export function decodeQuery(params: Map<string, string>, input: Shape): Record<string, unknown> {
  return read(input, treeOf(params), '') as Record<string, unknown>
}

function treeOf(params: Map<string, string>): Node {
  const root: Node = {}
  for (const [name, value] of params) {
    const path = name.split('.', MAX_DEPTH + 1)
    if (path.length > MAX_DEPTH) continue
    let node = root
    for (const step of path) {
      node.children ??= new Map()
      let child = node.children.get(step)
      if (!child) node.children.set(step, (child = {}))
      node = child
    }
    node.value = value
  }
  return root
}

/** `name`: of the parameter, for the refusal. Undefined is not given. */
function read(shape: Shape, node: Node, name: string): unknown {
  switch (shape.kind) {
    case 'string':
      return node.value
    case 'integer':
      return node.value && /^-?\d{1,15}$/.test(node.value) ? Number(node.value) : node.value
    case 'boolean':
      return node.value === undefined ? undefined : flag(node.value, name)
    case 'bytes':
      if (node.value === undefined) return undefined
      return bytesOf(node.value) ?? wrong(node.value, name, 'Must be base64.')
    case 'structure':
      return membersOf(shape.members, node)
    default:
      throw new TypeError(`A ${shape.kind} is a member of a structure`)
  }
}

function membersOf(members: Record<string, Shape>, node: Node): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const name in members) {
    const member = memberOf(members[name] as Shape, node, name)
    if (member !== undefined) given[name] = member
  }
  return given
}

function memberOf(shape: Shape, parent: Node, name: string): unknown {
  if (shape.kind === 'list') {
    const elements = elementsOf(parent, shape.query).map((element) => read(shape.of, element, name))
    const given = elements.filter((element) => element !== undefined)
    return given.length === 0 ? undefined : given
  }
  if (shape.kind === 'map') {
    const nodes = elementsOf(parent, shape.query)
    return nodes.length === 0 ? undefined : entriesOf(shape, nodes, name)
  }
  const node = parent.children?.get(name)
  return node && read(shape, node, name)
}

function entriesOf({ of, key }: Extract<Shape, { kind: 'map' }>, nodes: Node[], name: string): Record<string, unknown> {
  const entries: Record<string, unknown> = Object.create(null)
  for (const { children } of nodes) {
    // A value that is not there is an empty one: SDKs write both so.
    entries[children?.get(key)?.value ?? ''] = read(of, children?.get('Value') ?? {}, name) ?? ''
  }
  return entries
}

function elementsOf({ children }: Node, names: string[]): Node[] {
  const elements: Node[] = []
  for (const name of names) {
    const node = children?.get(name)
    const member = node?.children?.get('member')
    if (node) elements.push(...elementsIn(node))
    if (member) elements.push(...elementsIn(member))
  }
  return elements
}

/** By their numbers, of which some may be missing. What has no number is one element itself; an empty text is none. */
function elementsIn(node: Node): Node[] {
  const numbered: [number, Node][] = []
  let alone = Boolean(node.value)
  for (const [step, child] of node.children ?? []) {
    if (/^\d{1,15}$/.test(step)) numbered.push([Number(step), child])
    else if (step !== 'member') alone = true
  }
  const elements = numbered.sort(([a], [b]) => a - b).map(([, child]) => child)
  return alone ? [node, ...elements] : elements
}

function flag(text: string, name: string): boolean {
  const lower = text.toLowerCase()
  return lower === 'true' || lower === 'false' ? lower === 'true' : wrong(text, name, 'Must be true or false.')
}

function wrong(text: string, name: string, reason: string): never {
  return sqs.invalid(`Value ${text} for parameter ${name} is invalid. Reason: ${reason}`)
}
