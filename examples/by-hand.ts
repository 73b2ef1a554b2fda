// Without a Worker, as with SQS: receive a message, and say yourself what becomes of it before its time is over.

import { connect } from 'boomerang-mq'

const client = await connect(process.env['REDIS_URL'] ?? 'memory:', { deleteWindow: 0 }) // so that this can be run again at once
const orders = client.queue<{ order: number }>('by-hand', { visibility: '1s', deadLetter: { maxReceives: 3 } })

await orders.send({ order: 1 })

const [first] = await orders.receive()
console.log(`Received order ${first?.body.order}, delivery ${first?.deliveries}. Nobody else can see it for 1 s.`)
console.log('We do nothing about it, as if we had died.')

const [second] = await orders.receive({ wait: '5s' })
console.log(`It came back: delivery ${second?.deliveries}. The first receipt is worth nothing any more:`)
await first?.complete().catch((error) => console.log(`  ${error.name}: ${error.message}`))

await second?.extend('10s')
console.log('We asked for 10 s more, and give it back after all.')
await second?.release()

const [third] = await orders.receive({ wait: '1s' })
await third?.complete()
console.log(`Delivery ${third?.deliveries} is completed.`)

const { ready, inFlight } = await orders.stats()
console.log(`${ready} messages are ready, ${inFlight} in flight: the queue is empty.`)

await client.queues.remove('by-hand')
await client.close()
