// What a run is doing: a line that changes on a terminal, and nothing until its end elsewhere.
import colours from 'picocolors'
import type { Counts } from './tally.ts'

export interface Progress {
  show(phase: string, counts: Counts): void
  end(text: string): void
}

export function terminalProgress(scenario: string, on: string): Progress {
  const began = performance.now()
  const terminal = process.stderr.isTTY
  if (!terminal) process.stderr.write(colours.dim(`${scenario} on ${on} …\n`))
  return {
    show(phase, { acknowledged, ended }) {
      if (!terminal) return
      const seconds = Math.round((performance.now() - began) / 1000)
      const text = `${scenario} on ${on}  ${phase}  ${seconds} s  ${acknowledged} sent, ${ended} done`
      process.stderr.write(`\r\x1b[K${colours.dim(text)}`)
    },
    end(text) {
      if (terminal) process.stderr.write('\r\x1b[K')
      console.log(text)
    },
  }
}
