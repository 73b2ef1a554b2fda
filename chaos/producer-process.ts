// A producer in a process of its own. It sends so many messages a second whatever becomes of them, writes down each answer,
// and sends again by its id what nobody answered. `stop` on its standard input ends it, when all is answered.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProducerSetup } from './fleet.ts'
import type { Send } from './job.ts'
import { now, Recorder } from './recorder.ts'
import { type Answer, system } from './system.ts'
import { vitals } from './vitals.ts'

const { who, directory, on, place, load, level, patience } = JSON.parse(process.argv[2] as string) as ProducerSetup
const recorder = new Recorder(directory, who)
const producer = await (await system(on)).produce(place, { level, timeout: load.timeout })
const stopVitals = vitals(recorder)

let running = true
let open = 0
/** The last send of each group. */
const groups = new Map<string | undefined, Promise<void>>()
/** Messages of one producer that may be on their way; beyond them it waits, as a caller does. */
const MOST = 500
const TICK = 10
/** Before it sends again what nobody answered, ms: all at once and at once again would keep a busy machine busy. */
const PAUSE = 250

createInterface({ input: process.stdin }).on('line', () => (running = false))
console.log('working')

const began = now()
for (let turn = 0; running; ) {
  const due = Math.floor(((now() - began) / 1000) * load.rate)
  while (running && open < MOST && turn < due) {
    void sendAll(turn++)
  }
  await sleep(TICK)
}
while (open > 0) await sleep(TICK)
stopVitals()
await producer.close()
process.stdin.destroy()

/** Each fourth effect is sent twice at once under one key, each fourth in bulk. With derived keys each second is sent twice. */
async function sendAll(turn: number): Promise<void> {
  const sends = plan(turn)
  await Promise.all(sends.map((send) => (send.group === undefined ? sendSurely(send) : sendInTurn(send))))
}

/** In a group nothing is sent before the answer to what comes before it: else nobody could say which came first. */
function sendInTurn(send: Send): Promise<void> {
  open++
  const sent = (groups.get(send.group) ?? Promise.resolve()).then(() => sendSurely(send)).finally(() => open--)
  groups.set(send.group, sent)
  return sent
}

function plan(turn: number): Send[] {
  const effect = `${who}/${turn}`
  const [least, most] = load.work
  const usual = { effect, ms: least + ((turn * 7919) % (most - least + 1)) }
  const special = load.special.find(
    ({ every, after = 0, until = turn }) => turn >= after && turn <= until && turn % every === every - 1,
  )
  if (special) {
    const { deed, ms = usual.ms, delay } = special
    return [{ job: { effect, ms, ...(deed && { deed }) }, delay, bulk: false }]
  }
  if (load.fifo) {
    const group = `${who}-${turn % load.groups}`
    return [{ job: { ...usual, place: Math.floor(turn / load.groups) }, group, bulk: false }]
  }
  const kind = turn % 4
  const send: Send = { job: usual, bulk: kind === 3, ...(kind === 1 && { key: effect }) }
  return kind === 1 || (load.derived && kind === 0) ? [send, send] : [send]
}

async function sendSurely(send: Send): Promise<void> {
  const { key, group, delay } = send
  const { effect, place: position, deed } = send.job
  open++
  recorder.write({ event: 'sent', t: now(), effect, level, key, group, place: position, delay, deed })
  const end = now() + patience
  for (let id: string | undefined; ; ) {
    const t = now()
    const answer = await producer.send({ ...send, id }).catch(failed)
    recorder.write({ event: 'answered', t: now(), effect, level, ...answer, took: now() - t })
    id = answer.id ?? id
    const again = load.resend && answer.outcome === 'unknown' && (id !== undefined || send.key !== undefined)
    if (!again || now() > end) break
    await sleep(PAUSE)
  }
  open--
}

function failed(error: unknown): Answer {
  return { outcome: 'unknown', error: error instanceof Error ? error.message : String(error) }
}
