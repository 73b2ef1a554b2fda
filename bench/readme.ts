// The README shows two tables of RESULTS.md, with the others and against itself, and what they were measured on.
import { readFile, writeFile } from 'node:fs/promises'
import { ownTitle } from './report.ts'

const readme = new URL('../README.md', import.meta.url)
const between = /(<!-- bench:start -->\n)[\s\S]*?(<!-- bench:end -->)/

/** Put versions, machine and the tables of bars between the README's markers. */
export async function showInReadme(results: string): Promise<void> {
  const text = await readFile(readme, 'utf8')
  await writeFile(
    readme,
    text.replace(between, (_, start, end) => `${start}\n${shownOf(results)}\n\n${end}`),
  )
}

export function shownOf(results: string): string {
  const [, , ...parts] = results.trimEnd().split('\n\n') // without the heading, and by what it was made
  const own = parts.indexOf(`## ${ownTitle}`)
  return [...parts.slice(0, 2), ...(own < 0 ? [] : [`**${ownTitle}**`, parts[own + 1]])].join('\n\n')
}
