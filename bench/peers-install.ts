import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('./peers/', import.meta.url))
const stamp = `${folder}node_modules/.installed`

/** Installs what bench/peers/package-lock.json names beside it, unless that is there; answers the versions of what is measured. */
export function installPeers(): Record<string, string> {
  const lock = readFileSync(`${folder}package-lock.json`)
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error('the peers could not be installed; npm says why above')
    writeFileSync(stamp, wanted)
  }
  return (JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { dependencies: Record<string, string> })
    .dependencies
}
