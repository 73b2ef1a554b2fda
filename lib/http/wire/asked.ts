// Which protocol a request speaks, and which action it asks for. The path never decides: SDKs post both protocols to `/`, to
// the path of a queue, and below whatever base they were given.
import { paramsOf } from './params.ts'
import type { Asked, Incoming, Protocol } from './protocol.ts'
import { NothingAsked, unknownAction } from './refusals.ts'

const JSON_TYPE = /^application\/x-amz-json-1\.\d/i
const TARGET = 'AmazonSQS.'

/** The head of a request says it, so that one whose body is not read is answered, too. */
type Headed = Pick<Incoming, 'headers'>

function spoken({ headers }: Headed): Protocol {
  return headers['x-amz-target'] !== undefined || JSON_TYPE.test(headers['content-type'] ?? '') ? 'json' : 'query'
}

/** The protocol of the answer, known of every request: real SQS answers a form in JSON to those who accept that. */
export function answeredIn(incoming: Headed): Protocol {
  return incoming.headers.accept?.includes('application/json') ? 'json' : spoken(incoming)
}

/** Refuses a request that asks for nothing. Whether there is such an action is the caller's to say (`unknownAction`). */
export function asked(incoming: Incoming): Asked {
  if (incoming.method !== 'POST' && incoming.method !== 'GET') throw new NothingAsked(405)
  const protocol = spoken(incoming)
  let parsed: Map<string, string> | undefined
  const params = () => {
    parsed ??= paramsOf(incoming.search, protocol === 'query' ? incoming.body : undefined)
    return parsed
  }
  return { protocol, action: protocol === 'json' ? targetOf(incoming) : actionOf(params()), params }
}

function targetOf({ headers }: Incoming): string {
  const target = headers['x-amz-target'] ?? ''
  if (typeof target !== 'string' || !target.startsWith(TARGET)) return unknownAction(String(target))
  return target.slice(TARGET.length)
}

function actionOf(params: Map<string, string>): string {
  const action = params.get('Action')
  if (!action) throw new NothingAsked(404)
  return action
}
