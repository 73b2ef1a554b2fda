// Changes the number of partitions, and stands still before it tells the partitions: until it is killed.
import { connect } from '../../lib/index.ts'
import { Home } from '../../lib/redis/home.ts'

const { where, namespace, queue, count } = JSON.parse(process.argv[2] as string)
const client = await connect(where, { namespace })
const handle = client.queue(queue)
await handle.stats()
Home.prototype.tellPartition = () => {
  console.log('the home is changed')
  return new Promise(() => {})
}
await handle.repartition(count)
