// Ctrl-C, as a signal that is aborted. A second one changes nothing: each way down has its own limit of time.

export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Error(`Stopped by ${signal}.`)))
  }
  return controller.signal
}
