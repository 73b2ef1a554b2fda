// Reads the bodies of requests, as far as one may be large and all together may.
import type { IncomingMessage } from 'node:http'
import { sqs } from '../index.ts'
import type { Limits } from './limits.ts'

/** Nobody is there to be answered. */
export class HungUp extends Error {}

const NONE = Buffer.alloc(0)

export class Bodies {
  #held = 0

  constructor(private readonly limits: Pick<Limits, 'request' | 'bodies'>) {}

  /** Does the request say of itself that it is too large? */
  refuses({ headers }: IncomingMessage): boolean {
    return Number(headers['content-length'] ?? 0) > this.limits.request
  }

  /** The body, which is held until it is given up. */
  async read(request: IncomingMessage): Promise<Buffer> {
    const { headers } = request
    if (this.refuses(request)) tooLarge()
    const none = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
    return none ? NONE : this.#collect(request)
  }

  giveUp(bytes: number): void {
    this.#held -= bytes
  }

  #collect(request: IncomingMessage): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let size = 0
      const take = (chunk: Buffer) => {
        size += chunk.length
        this.#held += chunk.length
        if (size > this.limits.request) fail(tooLarge)
        else if (this.#held > this.limits.bodies) fail(busy)
        else chunks.push(chunk)
      }
      const end = () => {
        stop()
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
      }
      const gone = () => fail(hungUp)
      const fail = (refuse: () => never) => {
        stop()
        this.giveUp(size)
        try {
          refuse()
        } catch (error) {
          reject(error)
        }
      }
      const stop = () => request.off('data', take).off('end', end).off('error', gone).off('close', gone)
      request.on('data', take).on('end', end).on('error', gone).on('close', gone)
    })
  }
}

function tooLarge(): never {
  return sqs.refuse('RequestEntityTooLargeException', 'The request is larger than this server takes.')
}

function busy(): never {
  return sqs.refuse('ServiceUnavailableException', 'Too many large requests at a time; try again.')
}

function hungUp(): never {
  throw new HungUp()
}
