// What every command needs: the options that all share, a client for as long as the command runs, a queue that exists.
import { type Command, Option } from 'commander'
import { type Client, connect, type Durability, type Duration, type Queue, QueueDoesNotExist } from '../index.ts'
import { Refusal } from './exit.ts'
import { level } from './level.ts'
import { where } from './where.ts'

export interface Shared {
  redis: string
  cluster?: boolean
  sentinel?: string
  namespace: string
  timeout?: string
  allowEviction?: boolean
  durability?: Durability
  json?: boolean
  verbose?: boolean
}

/** A person at a shell waits less long than a worker. */
const TIMEOUT = '5s'

export function addSharedOptions(program: Command): Command {
  return program
    .addOption(new Option('--redis <url>', 'where the queues are').env('REDIS_URL').default('redis://localhost:6379'))
    .option('--cluster', 'the URL is that of a Redis Cluster (several URLs, with commas, always are)')
    .addOption(
      new Option('--sentinel <name>', 'the URLs are those of sentinels; the group that they watch').conflicts(
        'cluster',
      ),
    )
    .addOption(
      new Option('--namespace <name>', 'the queues of which team or deployment')
        .env('BOOMERANG_NAMESPACE')
        .default('default'),
    )
    .option('--timeout <duration>', 'how long to wait for Redis (default: 5s, for `work` 10s)')
    .option('--allow-eviction', 'accept a Redis that may evict messages')
    .option(
      '--durability <level>',
      'when sends and completions count: memory, fsync, replicas:n, fsync+replicas:n',
      level,
    )
    .option('--json', 'answer in JSON, one document a line')
    .option('--verbose', 'say what is behind an error')
}

export function open(shared: Shared, timeout: Duration = TIMEOUT): Promise<Client> {
  return connect(where(shared.redis, shared), {
    namespace: shared.namespace,
    timeout: shared.timeout ?? timeout,
    allowEviction: shared.allowEviction ?? false,
    ...(shared.durability !== undefined && { durability: shared.durability }),
    // Somebody at a shell has been asked already; the windows are for programs.
    purgeWindow: 0,
    deleteWindow: 0,
  })
}

/** Run a task with a client that is closed behind it. */
export async function withClient<T>(shared: Shared, task: (client: Client) => Promise<T>): Promise<T> {
  const client = await open(shared)
  try {
    return await task(client)
  } finally {
    await client.close()
  }
}

/** The same with a queue. Looking at a queue must not make one, so its name has to be known. */
export function withQueue<T>(
  shared: Shared,
  name: string,
  task: (queue: Queue, client: Client) => Promise<T>,
): Promise<T> {
  return withClient(shared, async (client) => {
    const queue = await client.queues.get(name).catch(async (error) => {
      if (!(error instanceof QueueDoesNotExist)) throw error
      throw new Refusal(unknown(name, await namesOf(client), shared.namespace))
    })
    return task(queue, client)
  })
}

/** The names of all queues. */
export async function namesOf(client: Client): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.queues.list(cursor === undefined ? {} : { cursor })
    names.push(...page.names)
    cursor = page.cursor
  } while (cursor !== undefined)
  return names
}

const SHOWN = 8

function unknown(name: string, names: string[], namespace: string): string {
  const others = names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')}, …` : names.join(', ')
  const there = names.length === 0 ? 'there is none' : `there ${names.length === 1 ? 'is' : 'are'} ${others}`
  return `no queue '${name}' in namespace '${namespace}': ${there}`
}
