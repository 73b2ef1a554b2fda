import { Timeout } from './errors.ts'

/** The outcome of a task, unless `ms` pass or the signal aborts before: the task goes on, its outcome is for `unused`. */
export function bounded<T>(
  task: Promise<T>,
  ms: number,
  signal?: AbortSignal,
  unused: (value: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let open = true
    const end = (settle: () => void) => {
      if (!open) return
      open = false
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      settle()
    }
    const abort = () => end(() => reject(signal?.reason))
    const timer = setTimeout(() => end(() => reject(new Timeout('no answer from Redis within the timeout'))), ms)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    task.then(
      (value) => (open ? end(() => resolve(value)) : unused(value)),
      (error) => end(() => reject(error)),
    )
  })
}
