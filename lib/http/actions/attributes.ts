// Attributes that a call gives to a queue.
import { sqs } from '../../index.ts'
import { parsePolicy } from '../access/policy/parse.ts'

/** In the library's words. What a policy means is the endpoint's: one that it does not understand is refused. */
export function attributesOf(...given: Parameters<typeof sqs.parseAttributes>): sqs.SqsAttributes {
  const attributes = sqs.parseAttributes(...given)
  if (attributes.policy) parsePolicy(attributes.policy)
  return attributes
}
