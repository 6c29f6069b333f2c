/**
 * Builds the dashboard into dist/dashboard/, where the server finds it, with a compressed copy beside each file. With `--if-stale` only
 * when it is missing, or was built from other files. Of several at once one builds, and the others wait for it.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = `${root}dist/dashboard`
const stamp = `${target}/.built-from`
const lock = `${root}dist/.dashboard-is-being-built`
const abandonedMs = 120_000
const inputs = ['package-lock.json', ...globSync(['src/dashboard/**/*.*', 'src/contract/*.ts'], { cwd: root })]

const wanted = hashOf(inputs.filter(path => !path.endsWith('.test.ts')).sort())
waitForTurn()
if (!process.argv.includes('--if-stale') || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const { build } = await import('vite')
  await build({ configFile: `${root}src/dashboard/vite.config.ts`, logLevel: 'warn' })
  for (const path of globSync(`${target}/assets/*.{js,css,svg}`)) compress(path)
  writeFileSync(stamp, wanted)
}

function waitForTurn(): void {
  mkdirSync(`${root}dist`, { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      process.on('exit', () => rmdirSync(lock))
      return
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0
      if (since > 0 && Date.now() - since > abandonedMs) rmdirSync(lock)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(readFileSync(root + path))
  return hash.digest('hex')
}

function compress(path: string): void {
  const bytes = readFileSync(path)
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, options))
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}
