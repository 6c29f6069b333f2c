/**
 * Installs what a checkout misses, so that each npm script works on a fresh machine. Runs under any Node ≥ 20 and imports
 * nothing that has to be installed. Installed is what the lock file says: its hash is kept beside the packages.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.sluice-installed`
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing dependencies (once, about half a minute) …\n')
  const command = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', command, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    process.stderr.write('The installation failed; npm says why above. Check the network and try again.\n')
    process.exit(status ?? 1)
  }
  writeFileSync(stamp, wanted)
}
