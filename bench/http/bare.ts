// What HTTP alone costs: a server that reads a send or a batch, answers the digests and keeps nothing; by node:http, or by the
// framework that fauxqs uses, from the folder that is given.
import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const [port, framework] = process.argv.slice(2)

const created = JSON.stringify({ QueueUrl: `http://127.0.0.1:${port}/000000000000/bare` })

function answerTo(target: unknown, text: string): string {
  if (target === 'AmazonSQS.CreateQueue') return created
  const call = JSON.parse(text || '{}') as Entry & { Entries?: Entry[] }
  return JSON.stringify(call.Entries ? { Successful: call.Entries.map(sent) } : sent(call))
}

interface Entry {
  Id?: string
  MessageBody?: string
}

function sent({ Id, MessageBody = '' }: Entry): object {
  return { Id, MessageId: randomUUID(), MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }
}

const TYPE = 'application/x-amz-json-1.0'

if (framework) await serveByFastify(framework)
else serveByNode()

function serveByNode(): void {
  createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const body = answerTo(request.headers['x-amz-target'], text)
      response.writeHead(200, ['Content-Type', TYPE, 'Content-Length', String(Buffer.byteLength(body))]).end(body)
    })
  }).listen(Number(port), '127.0.0.1')
}

interface Fastify {
  addContentTypeParser(type: string, options: object, parse: (request: unknown, body: string) => Promise<string>): void
  post(
    path: string,
    handle: (request: { headers: Record<string, unknown>; body: string }, reply: Reply) => unknown,
  ): void
  listen(options: object): Promise<unknown>
}
interface Reply {
  header(name: string, value: string): Reply
  send(body: string): unknown
}

async function serveByFastify(folder: string): Promise<void> {
  const make = createRequire(`${folder}/`)('fastify') as () => Fastify
  const server = make()
  server.addContentTypeParser(TYPE, { parseAs: 'string' }, async (_, body) => body)
  server.post('/', ({ headers, body }, reply) =>
    reply.header('content-type', TYPE).send(answerTo(headers['x-amz-target'], body)),
  )
  await server.listen({ port: Number(port), host: '127.0.0.1' })
}
