// Requests of the JSON protocol as bytes, signed where there is a key: the same bytes are good for a quarter of an hour.
import { createHash, createHmac } from 'node:crypto'

export interface Key {
  id: string
  secret: string
}

const SIGNED = 'content-type;host;x-amz-date;x-amz-target'
const SCOPE = 'us-east-1/sqs/aws4_request'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

export type Maker = (action: string, parameters: object) => Buffer

export function requestsTo(url: URL, key: Key | undefined): Maker {
  return (action, parameters) => {
    const body = JSON.stringify(parameters)
    const headers: Record<string, string> = {
      'content-type': 'application/x-amz-json-1.0',
      host: url.host,
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      'x-amz-target': `AmazonSQS.${action}`,
    }
    const authorization = key ? { authorization: signature(key, headers, body) } : {}
    const lines = Object.entries({ ...headers, ...authorization, 'content-length': String(Buffer.byteLength(body)) })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    return Buffer.from(`POST / HTTP/1.1\r\n${head}\r\n${body}`)
  }
}

function signature({ id, secret }: Key, headers: Record<string, string>, body: string): string {
  const time = headers['x-amz-date'] as string
  const day = time.slice(0, 8)
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', '', lines.join(''), SIGNED, sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${SCOPE}`, sha256(canonical)].join('\n')
  const signing = SCOPE.split('/').reduce(hmac, hmac(`AWS4${secret}`, day))
  return `AWS4-HMAC-SHA256 Credential=${id}/${day}/${SCOPE}, SignedHeaders=${SIGNED}, Signature=${hmac(signing, text).toString('hex')}`
}
