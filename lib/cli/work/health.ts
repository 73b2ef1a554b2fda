// Answers whether the worker is alive and whether it works: /healthz and /readyz, as JSON.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal } from '../exit.ts'
import type { Report } from './setup.ts'

/** One process's report; undefined where it gave none in time. */
export type Reports = () => Promise<{ processes: (Report | undefined)[]; wanted: number }>

export interface HealthOptions {
  host: string
  port: number
  /** ms since Redis last answered, past which a running worker does not count as alive. */
  maxAge: number
}

/** Rejects when the port cannot be had. Answers the port. */
export function serveHealth(options: HealthOptions, reports: Reports): Promise<number> {
  const server = createServer((request, response) => {
    answer(request.url ?? '', options.maxAge, reports).then(
      ([status, body]) => respond(response, status, body),
      () => respond(response, 500, { status: 'error' }),
    )
  })
  return listening(server, options)
}

function listening(server: Server, { host, port }: HealthOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Refusal(`cannot answer health requests on ${host}:${port}: ${cause.code ?? cause.message}`, { cause }))
    })
    server.listen(port, host, () => {
      server.unref()
      resolve((server.address() as AddressInfo).port)
    })
  })
}

async function answer(url: string, maxAge: number, reports: Reports): Promise<[number, object]> {
  const path = url.split('?', 1)[0]
  if (path !== '/healthz' && path !== '/readyz') return [404, { status: 'not found', paths: ['/healthz', '/readyz'] }]
  const { processes, wanted } = await reports()
  const alive = processes.every((report) => report && (!report.running || report.lastAnswerAge <= maxAge))
  const ready = processes.filter((report) => report?.running).length === wanted
  const good = path === '/healthz' ? alive : ready
  const word = path === '/healthz' ? ['alive', 'stale'] : ['ready', 'not ready']
  return [good ? 200 : 503, { status: good ? word[0] : word[1], ...sum(processes), ...(wanted > 1 && { processes }) }]
}

function sum(processes: (Report | undefined)[]): Report {
  const known = processes.filter((report) => report !== undefined)
  return {
    running: known.length > 0 && known.every(({ running }) => running),
    lastAnswerAge: Math.max(0, ...known.map(({ lastAnswerAge }) => lastAnswerAge)),
    inFlight: known.reduce((all, { inFlight }) => all + inFlight, 0),
    ahead: known.reduce((all, { ahead }) => all + ahead, 0),
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}
