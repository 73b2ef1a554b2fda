// What became of a call that Redis did not answer as it should.
import { OutOfMemory, RedisFailure } from '../errors.ts'
import { type Script, sourceLines } from './script.ts'

/** The script did not run: the connection was not there, or the server is not able to serve just now. */
export class NotSent extends Error {}
/** The connection broke before the answer came: the script may have run. */
export class NotAnswered extends Error {}

const UNABLE = /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|BUSY|NOREPLICAS|Too many Cluster redirections)/
const NOT_WRITTEN = /Stream isn't writeable|Cluster isn't ready|None of startup nodes/
const BROKEN = /Connection is closed|max retries per request|ECONN|EPIPE|Socket|Command aborted|ETIMEDOUT/

/** The error of a script as NotSent, NotAnswered, OutOfMemory or RedisFailure. */
export function fate(error: Error, script: Script): Error {
  const { message } = error
  if (UNABLE.test(message) || NOT_WRITTEN.test(message)) return new NotSent(message, { cause: error })
  if (BROKEN.test(message)) return new NotAnswered(message, { cause: error })
  if (message.includes('OOM command not allowed')) {
    return new OutOfMemory('Redis has reached its `maxmemory`; nothing was stored. Free memory or raise the limit', {
      cause: error,
    })
  }
  return new RedisFailure(`Redis refused ${script.name}: ${sourceLines(script, message)}`, { cause: error })
}

/** Whether Redis itself said so, and not the connection. */
export const isAnswer = (error: Error) => !(error instanceof NotSent || error instanceof NotAnswered)
