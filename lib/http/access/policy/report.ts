// What is wrong with a policy, and where.

/** Names of elements and numbers in lists, from the outermost. */
export type Path = ReadonlyArray<string | number>
export type Report = (path: Path, message: string) => void

export interface Problem {
  path: Path
  message: string
}

/** Reports on what stands inside. */
export function within(report: Report, ...outer: Path): Report {
  return (path, message) => report([...outer, ...path], message)
}

/** A policy may write a list of one as the one itself. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}
