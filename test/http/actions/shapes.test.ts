// The shapes of all actions are those of SQS's model, as the AWS SDK has it: names, types and the names of lists in a form.
import * as sdk from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { ACTIONS } from '../../../lib/http/actions/index.ts'
import type { Shape } from '../../../lib/http/wire/model.ts'

// biome-ignore lint/suspicious/noExplicitAny: the SDK's own notation
type Schema = any

const SIMPLE: Record<number, string> = { 0: 'string', 1: 'integer', 2: 'boolean', 21: 'bytes' }
const LIST = 64

/** Reserved by AWS, and never in use. */
const UNUSED = ['StringListValues', 'BinaryListValues']
/** Taken beside what the model has. */
const MORE = ['CreateQueue.Tags']
/** The model gives it the name of the old AttributeNames, which is there as well. */
const OTHERWISE: Record<string, string> = { MessageSystemAttributeNames: 'MessageSystemAttributeName' }

/** One line a member, nested ones by their path. */
function ofSdk(schema: Schema, path: string, query = ''): string[] {
  const [reference, traits = {}] = Array.isArray(schema) && schema.length === 2 ? schema : [schema]
  const name = OTHERWISE[path.split('.').at(-1) as string] ?? traits.xmlName ?? query
  const found = typeof reference === 'function' ? reference() : reference
  if (found === 'unit') return []
  if (typeof found === 'number') return found >= LIST ? [`${path} list ${name}`] : [`${path} ${SIMPLE[found]}`]
  const [kind, , , , ...rest] = found
  if (kind === 1) return [`${path} list ${name}`, ...ofSdk(rest[0], path)]
  if (kind === 2) return [`${path} map ${name} ${rest[0][1].xmlName}`, ...ofSdk(rest[1], `${path}.*`)]
  const [names, types] = rest
  return names.flatMap((member: string, i: number) =>
    UNUSED.includes(member) ? [] : ofSdk(types[i], `${path}.${member}`),
  )
}

function ofOurs(shape: Shape | undefined, path: string): string[] {
  if (shape === undefined) return []
  if (shape.kind === 'list') {
    const inner = shape.of.kind === 'string' ? [] : ofOurs(shape.of, path)
    return [`${path} list ${shape.query[0]}`, ...inner]
  }
  if (shape.kind === 'map') return [`${path} map ${shape.query[0]} ${shape.key}`, ...ofOurs(shape.of, `${path}.*`)]
  if (shape.kind !== 'structure') return [`${path} ${shape.kind}`]
  const members = Object.entries(shape.members).filter(([name]) => !MORE.includes(`${path}.${name}`))
  return members.flatMap(([name, member]) => ofOurs(member, `${path}.${name}`))
}

describe('the actions', () => {
  const operations = Object.values(sdk as unknown as Record<string, Schema>).filter(
    (one) => Array.isArray(one) && one[0] === 9,
  )

  test('are those of the model', () => {
    expect(Object.keys(ACTIONS).sort()).toEqual(operations.map(([, , name]) => name).sort())
    expect(operations).toHaveLength(23)
  })

  test.each(operations.map(([, , name, , input, output]) => ({ name, input, output })))(
    '$name',
    ({ name, input, output }) => {
      // Not in order: the SDK puts those first that are required.
      expect(ofOurs(ACTIONS[name]?.input, name).sort()).toEqual(ofSdk(input, name).sort())
      expect(ofOurs(ACTIONS[name]?.output, name).sort()).toEqual(ofSdk(output, name).sort())
    },
  )
})
