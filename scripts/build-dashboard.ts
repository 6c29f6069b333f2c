/**
 * Builds the dashboard into dist/dashboard/, where the server finds it, with a compressed copy beside each file. With `--if-stale` only
 * when it is missing, or was built from other files.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = `${root}dist/dashboard`
const stamp = `${target}/.built-from`
const inputs = ['package-lock.json', ...globSync(['src/dashboard/**/*.*', 'src/contract/*.ts'], { cwd: root })]

const wanted = hashOf(inputs.filter(path => !path.endsWith('.test.ts')).sort())
if (!process.argv.includes('--if-stale') || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const { build } = await import('vite')
  await build({ configFile: `${root}src/dashboard/vite.config.ts`, logLevel: 'warn' })
  for (const path of globSync(`${target}/assets/*.{js,css,svg}`)) compress(path)
  writeFileSync(stamp, wanted)
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
