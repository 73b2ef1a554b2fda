// Run by harness.test.ts, which kills it and looks whether its server is gone.
import { startRedis } from './servers.ts'

const server = await startRedis()
console.log(JSON.stringify({ pid: server.pid, dir: server.dir }))
process.stdin.resume()
