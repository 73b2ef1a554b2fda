// How a refusal goes out, in either protocol.
import { InvalidOption, sqs } from '../../index.ts'
import { answer } from './answer.ts'
import type { Answer, Protocol } from './protocol.ts'
import { errorXml } from './xml.ts'

const UNKNOWN_OPERATION = 'UnknownOperationException'

/** The request names no action (404), or has a method with which none is asked for (405). */
export class NothingAsked extends InvalidOption {
  readonly status: 404 | 405

  constructor(status: 404 | 405) {
    const message = status === 404 ? 'The request names no action.' : 'Actions are asked for by GET and POST.'
    super(message, { sqs: { shape: UNKNOWN_OPERATION, message } })
    this.status = status
  }
}

export function unknownAction(action: string): never {
  return sqs.refuse(UNKNOWN_OPERATION, `The action ${action} is not valid for this endpoint.`)
}

/** An answer for whatever was thrown; what is no refusal is an internal failure, and its text is kept back. */
export function refused(protocol: Protocol, error: unknown, requestId: string): Answer {
  if (error instanceof NothingAsked) return nothingAsked(protocol, error, requestId)
  const { code, shape, message, status } = sqs.errorOf(error, { protocol })
  const fault = status >= 500 ? 'Receiver' : 'Sender'
  if (protocol === 'query') return answer(protocol, status, errorXml(code, message, fault, requestId), requestId)
  const body = JSON.stringify({ __type: sqs.typeOf(shape), message })
  // Sent even to those who did not ask for it by `x-amzn-query-mode`, as real SQS does.
  return answer(protocol, status, body, requestId, 'x-amzn-query-error', `${code};${fault}`)
}

/** Recorded: XML with nothing but the name of the error. */
function nothingAsked(protocol: Protocol, { status, message }: NothingAsked, requestId: string): Answer {
  const body =
    protocol === 'query'
      ? `<${UNKNOWN_OPERATION}/>`
      : JSON.stringify({ __type: sqs.typeOf(UNKNOWN_OPERATION), message })
  return answer(protocol, status, body, requestId, ...(status === 405 ? ['Allow', 'GET, POST'] : []))
}
