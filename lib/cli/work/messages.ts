// What a parent and the worker processes under it say to each other.
import type { Report, Setup } from './setup.ts'

export type Order =
  | { do: 'work'; setup: Setup }
  | { do: 'stop'; why: string }
  | { do: 'force'; why: string }
  | { do: 'report'; number: number }

export type News = { is: 'ready' } | { is: 'report'; number: number; report: Report }
