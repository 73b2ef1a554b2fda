// Says on stderr what is being measured, and that it still is.
import colours from 'picocolors'

const beat = 2000 // ms

/** Runs `work` under a line that ends with what it found. A failure is shown, costs the program its exit code 0, and
 * lets the other measures go on. */
export async function progress<Found>(label: string, work: () => Promise<Found>, describe: (found: Found) => string) {
  process.stderr.write(colours.dim(`${label} `))
  const dots = setInterval(() => process.stderr.write(colours.dim('.')), beat)
  try {
    const result = await work()
    process.stderr.write(` ${describe(result)}\n`)
    return result
  } catch (error) {
    process.stderr.write(colours.red(` failed: ${error}\n`))
    process.exitCode = 1
    return undefined
  } finally {
    clearInterval(dots)
  }
}
