// A Valkey beside the Redis, for the semantic suite. Where there is none, Debian's package is unpacked into a cache of our
// own: nothing is installed in the system, and nothing is started. Without Debian the suite does without, and says so.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onPath, valkeyBinary, valkeyDirectory } from '../harness/server-binary.ts'
import { output, runQuietly } from './commands.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
/** The program is in the package of the tools, its name in the other. */
const wanted = ['valkey-tools', 'valkey-server']

/** Nothing when there is a Valkey; otherwise a line that says what is not tested. */
export async function provideValkey(): Promise<string | undefined> {
  if (valkeyBinary()) return undefined
  if ((await unpack().catch(() => false)) && valkeyBinary()) return undefined
  return 'No valkey-server was found and none could be had: the semantic suite does not run over Valkey (docs/testing.md)'
}

async function unpack(): Promise<boolean> {
  const release = codename()
  if (!release || !onPath('apt-get') || !onPath('dpkg-deb')) return false
  const mirror = await archive(release)
  if (!mirror) return false
  console.log('No valkey-server found: unpacking Debian’s package of it for the tests')
  const directory = mkdtempSync(join(tmpdir(), 'boomerang-valkey-'))
  try {
    return await fetch(directory, release, mirror)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** By apt itself, with lists and caches of its own. Debian 12 has the package among its backports. */
async function fetch(directory: string, release: string, mirror: string): Promise<boolean> {
  for (const part of ['lists/partial', 'parts', 'cache/archives/partial'])
    mkdirSync(join(directory, part), { recursive: true })
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : ''
  const suites = [release, `${release}-backports`]
  writeFileSync(
    join(directory, 'sources.list'),
    suites.map((suite) => `deb ${signed}${mirror} ${suite} main\n`).join(''),
  )
  const options = [
    `Dir::Etc::sourcelist=${directory}/sources.list`,
    `Dir::Etc::sourceparts=${directory}/parts`,
    `Dir::State::lists=${directory}/lists`,
    `Dir::Cache=${directory}/cache`,
    'APT::Sandbox::User=root',
    'Acquire::Retries=0',
    'Acquire::http::Timeout=10',
  ].flatMap((option) => ['-o', option])
  if (!(await runQuietly('apt-get', [...options, '-qq', 'update']))) return false
  const packages = join(directory, 'packages')
  mkdirSync(packages)
  if (!(await runQuietly('apt-get', [...options, '-qq', 'download', ...wanted], undefined, packages))) return false
  return place(readdirSync(packages).map((file) => join(packages, file)))
}

/** Unpacked beside their place and moved there whole: another run may do the same now. */
async function place(files: string[]): Promise<boolean> {
  const target = valkeyDirectory()
  const beside = `${target}.${process.pid}`
  mkdirSync(beside, { recursive: true })
  let unpacked = files.length === wanted.length
  for (const file of files) unpacked = (await runQuietly('dpkg-deb', ['-x', file, beside])) && unpacked
  if (unpacked && !existsSync(target)) renameSync(beside, target)
  rmSync(beside, { recursive: true, force: true })
  return unpacked
}

/** Debian's codename of this system. */
function codename(): string | undefined {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID=debian$/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined
}

/** Where this system has its packages from. */
async function archive(release: string): Promise<string | undefined> {
  const format = '$(CODENAME) $(COMPONENT) $(REPO_URI)'
  const lines = await output('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  return lines
    .split('\n')
    .map((line) => line.split(' '))
    .find(([suite, component]) => suite === release && component === 'main')?.[2]
}
