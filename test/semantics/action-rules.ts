// The rules of SQS's actions, as far as they are the library's: see rules.ts.
import type { Rule } from './rules.ts'

export const ACTION_RULES: Rule[] = [
  [
    'CreateQueue: the same again is the same queue, another value is refused',
    'semantics/queues',
    'of a queue that is there, with %s',
    'by many at once makes one queue, and refuses those that want another',
  ],
  [
    'DeleteQueue: its name is not given again for 60 s',
    'semantics/queues',
    'is not given again within the window',
    'is given again when the window has passed',
  ],
  [
    'DeleteQueue: nothing of it comes back',
    'semantics/removal',
    'has no old messages when it is made anew, though that one died with the partitions half made',
  ],
  ['GetQueueUrl: finds, never makes', 'semantics/queues', 'finds a queue, and never makes one'],
  ['ListQueues: by prefix, in pages', 'semantics/queues', 'answers names in order, by prefix and in pages'],
  [
    'GetQueueAttributes, SetQueueAttributes: changes hold everywhere; an empty one removes',
    'semantics/changes',
    'are in each partition when configure has answered',
    'that are removed go back to their defaults',
  ],
  ['SendMessage: answered with an id', 'semantics/send', 'is answered with an id, and received with what was sent'],
  ['SendMessageBatch: an outcome for each entry', 'sqs/batches', 'a batch of sends has an outcome for each entry'],
  [
    'ReceiveMessage: up to a number, hidden from others',
    'semantics/receive',
    'takes as many as are asked for, oldest first',
    'hides a message from everybody else',
    'can hide for another time than the queue says',
  ],
  [
    'ReceiveMessage: ReceiveRequestAttemptId repeats a receive for 5 minutes',
    'semantics/attempts',
    'answers the same messages in the same order, as the same deliveries',
    'answers others when one of them is done',
  ],
  [
    'ReceiveMessage: the 5 minutes count from the first receive',
    'lua/attempts',
    'may come any number of times, until five minutes after the first',
  ],
  [
    'DeleteMessage: again, and by an older receipt of what is done, is no failure',
    'semantics/receipts',
    'that is done can be deleted again, by any of its receipts',
  ],
  [
    'DeleteMessage: an expired receipt deletes on a standard queue',
    'semantics/receipts',
    'on a standard queue an expired receipt still deletes, as long as nobody has received the message again',
  ],
  [
    'DeleteMessageBatch: an outcome for each entry',
    'sqs/batches',
    'a batch of deletes: what is gone or with others is no failure',
  ],
  [
    'ChangeMessageVisibility: 12 hours in all, from the receive',
    'semantics/receipts',
    'is hidden for 12 hours in all, counted from its receive',
    'counts the 12 hours anew when it is received again',
  ],
  [
    'ChangeMessageVisibility: only of what is in flight',
    'semantics/receipts',
    'whose deadline has passed cannot be hidden again',
    'that is done, or was given back, cannot be hidden',
  ],
  [
    'ChangeMessageVisibilityBatch: an outcome for each entry',
    'sqs/batches',
    'a batch of visibilities: what is not in flight is a failure',
  ],
  [
    'PurgeQueue: in flight and delayed too, once in 60 s',
    'semantics/changes',
    'is refused within its window, and nothing is removed then',
    'is possible again when the window has passed',
    'takes nothing that was sent after it',
  ],
  [
    'PurgeQueue: takes what is ready, delayed and in flight',
    'semantics/queue',
    'removes what is ready, delayed and in flight, not what is dead',
  ],
  ['PurgeQueue: forgets deduplication', 'semantics/deduplication', 'is a new message once the queue was purged'],
  [
    'ListDeadLetterSourceQueues: a dead-letter queue knows its sources',
    'semantics/queues',
    'is named by name or ARN, and knows its sources',
  ],
  [
    'StartMessageMoveTask: back to the source, or to one queue; at a rate',
    'semantics/moves',
    'brings each message back to where it came from',
    'brings all to one queue where that is asked for',
    'is refused where it makes no sense',
  ],
  [
    'CancelMessageMoveTask: says how many were moved',
    'semantics/moves',
    'keeps to its rate, and answers how many it had moved when it is cancelled',
  ],
  ['ListMessageMoveTasks: the newest first', 'semantics/moves', 'is listed with those before it, the newest first'],
  [
    'TagQueue, UntagQueue, ListQueueTags: 50, and missing ones are ignored',
    'semantics/queues',
    'are kept, changed and removed',
    'are at most 50',
  ],
  [
    'AddPermission, RemovePermission: statements of the policy',
    'sqs/policy',
    'are statements of a policy, as SQS writes them',
    'vanish with the policy when the last is taken away',
  ],
]
