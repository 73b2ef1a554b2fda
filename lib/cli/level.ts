// Levels of durability on the command line.
import { InvalidArgumentError } from 'commander'
import type { Durability } from '../index.ts'

/** 'memory', 'fsync', 'replicas:2' or 'fsync+replicas:2'. */
export function level(text: string): Durability {
  const [, word, fsync, replicas] = /^(?:(memory|fsync)|(fsync\+)?replicas:(\d+))$/.exec(text.trim()) ?? []
  if (word !== undefined) return word as Durability
  if (replicas === undefined) throw new InvalidArgumentError('Expected memory, fsync, replicas:n or fsync+replicas:n.')
  return { fsync: fsync !== undefined, replicas: Number(replicas) }
}
