// The README shows the first table of RESULTS.md, and what it was measured on.
import { readFile, writeFile } from 'node:fs/promises'

const readme = new URL('../README.md', import.meta.url)
const between = /(<!-- bench:start -->\n)[\s\S]*?(<!-- bench:end -->)/

/** Put versions, machine and the table of bars between the README's markers. */
export async function showInReadme(results: string): Promise<void> {
  const from = results.indexOf('\n\n', results.indexOf('Made by')) + 2
  const shown = results.slice(from).split('\n\n').slice(0, 2).join('\n\n')
  const text = await readFile(readme, 'utf8')
  await writeFile(
    readme,
    text.replace(between, (_, start, end) => `${start}\n${shown}\n\n${end}`),
  )
}
