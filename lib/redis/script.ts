/** A script as the build embeds it. */
export interface Script {
  name: string
  text: string
  sha1: string
  /** How many of a partition's keys it takes, from the first on. */
  keys: number
  /** Where each file begins in `text`: its first line there, and its name. */
  lines: [number, string][]
}

/** Puts file and line of `lua/` where Redis's error says which line of the whole script failed. */
export function sourceLines(script: Script, message: string): string {
  return message.replaceAll(/(?:@?user_script|\[string "[^"]*"\]):(\d+)/g, (_, number) => {
    const line = Number(number)
    const [first, file] = script.lines.filter(([from]) => from <= line).at(-1) as [number, string]
    return `${file}:${line - first + 1}`
  })
}
