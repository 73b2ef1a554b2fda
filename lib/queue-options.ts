// The options of a handle on a queue, checked.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { ATTRIBUTE_NAMES, type Attributes, toStored } from './attributes.ts'
import type { Wanted } from './declaring.ts'
import { type Durability, levelOf } from './durability.ts'
import { InvalidOption } from './errors.ts'
import { MAX_PARTITIONS } from './limits.ts'
import { flag, known, queueName, whole } from './options.ts'
import type { Shared } from './shared.ts'

/** Attributes, written where they are unset, and how this process reads the queue. */
export interface QueueOptions<Body = unknown> extends Attributes {
  /** Slices of the queue, each on one node of a cluster: 1 to 4096; `repartition` changes their number. 1 unless given; on a cluster, the number of masters. */
  partitions?: number
  /** 'json': text bodies are parsed, as other programs send them. */
  body?: 'json'
  /** A Standard Schema (zod, valibot, arktype ...) that checks bodies on send and on receive. */
  schema?: StandardSchemaV1<unknown, Body>
  /** When its sends and completions are answered, unless they say it: 'memory', 'fsync', or { fsync, replicas }; the client's own unless given. */
  durability?: Durability
  /** This process owns the queue: attributes that differ are changed instead of refused. */
  update?: boolean
}

const QUEUE_OPTIONS = [...ATTRIBUTE_NAMES, 'partitions', 'body', 'schema', 'durability', 'update']

/** What a handle wants of its queue; refuses what it cannot have. */
export function wantedOf(shared: Shared, name: string, options: QueueOptions, make: boolean): Wanted {
  known(options, QUEUE_OPTIONS, `queue ${queueName(name)}`)
  const { partitions, body, schema, durability, update = false } = options
  if (partitions !== undefined) whole(partitions, 'partitions', 1, MAX_PARTITIONS)
  if (body !== undefined && body !== 'json')
    throw new InvalidOption(`\`body\` can only be 'json', got '${String(body)}'`)
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    throw new InvalidOption('`schema` must be a Standard Schema, such as one of zod 4 or valibot')
  }
  const stored = toStored(options, { namespace: shared.namespace, queue: name })
  return { stored, partitions, update: flag(update, 'update'), make, level: levelOf(durability, shared.level) }
}
