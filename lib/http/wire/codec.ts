// Reads the input of an action, and writes what it answers, in the protocol of the request.
import { answer } from './answer.ts'
import { decodeJson, encodeJson } from './json.ts'
import type { Shape } from './model.ts'
import type { Answer, Asked, Incoming, Protocol } from './protocol.ts'
import { decodeQuery } from './query.ts'
import { encodeXml } from './xml.ts'

/** Has what was given, of the types that the shape says. What is required and what is in range are the rules of the queue. */
export function decode(asked: Asked, incoming: Incoming, input: Shape): Record<string, unknown> {
  return asked.protocol === 'json' ? decodeJson(incoming.body, input) : decodeQuery(asked.params(), input)
}

/** A void action has no `output`. Lists and maps that are empty are left out, as real SQS does. */
export function encode(
  protocol: Protocol,
  action: string,
  output: Shape | undefined,
  result: object | undefined,
  requestId: string,
): Answer {
  const body = protocol === 'json' ? encodeJson(output, result) : encodeXml(action, output, result, requestId)
  return answer(protocol, 200, body, requestId)
}
