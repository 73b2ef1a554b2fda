// Requests as SDKs write them, in either protocol.
import { ACTIONS } from '../../lib/http/actions/index.ts'
import type { Shape } from '../../lib/http/wire/model.ts'
import type { Incoming, Protocol } from '../../lib/http/wire/protocol.ts'

export function requestOf(protocol: Protocol, action: string, input: object): Incoming {
  const headers: Record<string, string> =
    protocol === 'json'
      ? { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' }
      : { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  return {
    method: 'POST',
    path: '/',
    search: '',
    headers: { host: 'localhost:9324', ...headers },
    rawHeaders: Object.entries({ Host: 'localhost:9324', ...headers }).flat(),
    body: Buffer.from(protocol === 'json' ? JSON.stringify(input) : formOf(action, input)),
    origin: { ip: '127.0.0.1', scheme: 'http', host: 'localhost:9324' },
  }
}

function formOf(action: string, input: object): string {
  const form = new URLSearchParams({ Action: action, Version: '2012-11-05' })
  for (const [name, value] of fieldsOf(ACTIONS[action]?.input as Shape, input, '')) form.set(name, value)
  return form.toString()
}

function fieldsOf(shape: Shape, value: unknown, path: string): [name: string, value: string][] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (shape.kind === 'structure') {
    return Object.entries(value as object).flatMap(([name, member]) => {
      const of = shape.members[name] as Shape
      return fieldsOf(of, member, at('query' in of ? (of.query[0] as string) : name))
    })
  }
  if (shape.kind === 'list') {
    return (value as unknown[]).flatMap((one, i) => fieldsOf(shape.of, one, at(String(i + 1))))
  }
  if (shape.kind !== 'map') return [[path, String(value)]]
  return Object.entries(value as object).flatMap(([name, one], i) => [
    [at(`${i + 1}.${shape.key}`), name] as [string, string],
    ...fieldsOf(shape.of, one, at(`${i + 1}.Value`)),
  ])
}
