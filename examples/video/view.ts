// The screen while the workers work: a bar per job at a terminal, a line now and then in a log file.

import progress from 'cli-progress'
import colors from 'picocolors'

export interface View {
  say(line: string): void
  /** `fraction` of `job` is done, from 0 to 1. */
  progress(job: string, fraction: number, note: string): void
  close(): void
}

export function openView(output: NodeJS.WriteStream = process.stdout): View {
  return output.isTTY ? bars(output) : lines(output)
}

function bars(output: NodeJS.WriteStream): View {
  const view = new progress.MultiBar({
    stream: output,
    format: `  {job} ${colors.cyan('{bar}')} {percentage} %  ${colors.dim('{note}')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    autopadding: true,
    hideCursor: true,
    forceRedraw: true, // what is said moves the bars down
    gracefulExit: false, // we end it ourselves, also on Ctrl-C
  })
  const started = new Map<string, progress.SingleBar>()
  return {
    say: (line) => view.log(`${line}\u001b[K\n`), // to the end of the line: there may have been a bar
    progress: (job, fraction, note) => {
      const bar = started.get(job) ?? view.create(100, 0, { job: job.padEnd(18), note })
      started.set(job, bar)
      bar.update(Math.floor(fraction * 100), { note })
    },
    close: () => {
      if (started.size > 0) view.update() // says what is not said yet
      view.stop()
    },
  }
}

function lines(output: NodeJS.WriteStream): View {
  const last = new Map<string, string>()
  return {
    say: (line) => output.write(`${line}\n`),
    progress: (job, fraction, note) => {
      const line = `  ${job.padEnd(18)} ${String(Math.floor(fraction * 4) * 25).padStart(3)} %  ${note}`
      if (last.get(job) !== line) output.write(`${line}\n`)
      last.set(job, line)
    },
    close: () => {},
  }
}
