// SIGTERM and SIGINT: the first one asks to stop well, a second one to end at once.

/** npm and npx pass on a Ctrl-C that the terminal has sent to this process already: so close together they are one. */
const ECHO = 250

export function onSignals(stop: (name: string) => void, force: (name: string) => void): void {
  let first: number | undefined
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (first === undefined) {
        first = performance.now()
        stop(name)
      } else if (performance.now() - first > ECHO) force(name)
    })
  }
}
