// An isolated handler, in a module of its own.
import { isMainThread } from 'node:worker_threads'
import type { IsolatedHandler } from 'boomerang-mq'

interface Greeting {
  text: string
  at: Date
}

const handle: IsolatedHandler<Greeting, string> = ({ body }, { signal }) => {
  signal.throwIfAborted()
  return `${isMainThread ? 'not ' : ''}isolated: ${body.text} ${body.at.getTime()}`
}

export default handle
