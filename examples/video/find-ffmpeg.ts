// Which ffmpeg to run: the installed one where it can write H.264 and AAC, else the one that npm brought along.

import { execFile } from 'node:child_process'
import { access, chmod, constants } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface Ffmpeg {
  path: string
  /** For the screen: its version, and where it is from. */
  description: string
}

export async function findFfmpeg(): Promise<Ffmpeg> {
  const found = (await look('ffmpeg', 'installed')) ?? (await look(await bundled(), 'from @ffmpeg-installer/ffmpeg'))
  if (!found)
    throw new Error(
      'There is no ffmpeg that can write H.264 here: install one (apt install ffmpeg, brew install ffmpeg).',
    )
  return found
}

async function look(path: string | undefined, origin: string): Promise<Ffmpeg | undefined> {
  if (path === undefined) return undefined
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ['-encoders'])
    const [, version] = /ffmpeg version (\d[\d.]*|\S+)/.exec(stderr) ?? []
    return / libx264 .* aac /s.test(stdout) || / aac .* libx264 /s.test(stdout)
      ? { path, description: `${version}, ${origin}` }
      : undefined
  } catch {
    return undefined // not there, or it does not run on this machine
  }
}

async function bundled(): Promise<string | undefined> {
  try {
    const { default: installer } = await import('@ffmpeg-installer/ffmpeg')
    await access(installer.path, constants.X_OK).catch(() => chmod(installer.path, 0o755))
    return installer.path
  } catch {
    return undefined // no binary for this platform, or one that we may not make executable
  }
}
