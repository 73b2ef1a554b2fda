// Nothing that a test started outlives it. A shell waits for the end of a pipe that only this process holds open; the
// pipe ends however this process went (an exit, a crash, SIGKILL), and then the shell kills and removes what it was given.
import { spawn } from 'node:child_process'

const script = `
trap '' INT TERM HUP
read -r _
kill -KILL "$1" 2>/dev/null
[ -z "$2" ] || rm -rf "$2"
`

/** Guards a process, and a directory where one is given. The answer calls the guard off. */
export function guard(pid: number | undefined, dir = ''): () => void {
  if (!pid) return () => {}
  const shell = spawn('sh', ['-c', script, 'guard', String(pid), dir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.unref()
  shell.on('error', () => {})
  const pipe = shell.stdin as typeof shell.stdin & { unref?(): void }
  pipe.on('error', () => {})
  pipe.unref?.()
  return () => void shell.kill('SIGKILL')
}
