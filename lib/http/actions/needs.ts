// What a call needs to be allowed: permissions on a queue. Those of a batch are those of its single calls.
import type { Need } from '../access/identity.ts'
import type { Call } from './action.ts'

export function needsOn(resource: string, ...actions: string[]): Need[] {
  return actions.map((action) => ({ action, resource }))
}

/** On the queue that is asked for by its URL. */
export function onQueue(...actions: string[]): (input: unknown, call: Call) => Need[] {
  return (_, call) => needsOn(call.account.arn(call.name()), ...actions)
}

/** A task that moves messages takes them out of its source. */
export function onMoveSource(arn: string, action: string): Need[] {
  return needsOn(arn, action, 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes')
}
