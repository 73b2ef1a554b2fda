// One run: a server, the load generator beside it, and what the server used meanwhile.
import { fork } from 'node:child_process'
import type { Job, Told } from './job.ts'
import { usedBy } from './process-figures.ts'
import type { Figures, Row } from './rows.ts'
import { type Means, type Side, start } from './sides.ts'

export async function measure(row: Row, side: Side, means: Means, program: string): Promise<Figures> {
  const server = await start(side, means)
  try {
    const job: Job = { ...row.job, url: server.url, ...(server.key && { key: server.key }) }
    return await run(job, server.pid, program)
  } finally {
    await server.stop()
  }
}

function run(job: Job, server: number, program: string): Promise<Figures> {
  const child = fork(program, { stdio: 'inherit' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  return new Promise<Figures>((resolve, reject) => {
    let [begin, end] = [usedBy(server), usedBy(server)]
    child.on('message', (told: Told) => {
      if (told.say === 'found') {
        const { messages, seconds, p50, p99 } = told.found
        const cpu = end.cpu - begin.cpu
        const memory = end.memory / 2 ** 20
        resolve({ rate: messages / seconds, p50, p99, cpu: (cpu * 1e6) / messages, load: cpu / seconds, memory })
        return
      }
      if (told.say === 'begin') begin = usedBy(server)
      else end = usedBy(server)
      child.send('go on')
    })
    child.once('exit', (code) => reject(new Error(`the load generator has ended with ${code}`)))
    child.send(job)
  }).finally(() => {
    process.off('exit', kill)
    kill()
  })
}
