/** Says how much JavaScript the built dashboard loads first, and fails above the limit: `npm run dashboard:size`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const limitKb = 300
const firstPage = 'panels/overview/overview-page.tsx'
const folder = fileURLToPath(new URL('../dist/dashboard/', import.meta.url))

interface Chunk {
  file: string
  imports?: string[]
}
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, 'utf8')) as Record<string, Chunk>

const first = new Set<string>()
for (const name of ['index.html', firstPage]) collect(name)
const firstKb = sum(first)
const all = new Set(
  Object.values(manifest)
    .map(chunk => chunk.file)
    .filter(file => file.endsWith('.js')),
)
for (const file of [...all].sort((a, b) => gzipped(b) - gzipped(a)))
  process.stdout.write(
    `${(gzipped(file) / 1000).toFixed(1).padStart(8)} KB  ${file}${first.has(file) ? '  (first)' : ''}\n`,
  )
process.stdout.write(
  `first load: ${firstKb.toFixed(1)} KB of JavaScript, gzipped, of at most ${limitKb}; everything: ${sum(all).toFixed(1)} KB\n`,
)
if (firstKb > limitKb) process.exitCode = 1

function collect(name: string): void {
  const chunk = manifest[name]
  if (chunk === undefined) throw new Error(`${name} is not in the manifest`)
  if (first.has(chunk.file)) return
  first.add(chunk.file)
  for (const imported of chunk.imports ?? []) collect(imported)
}

function gzipped(file: string): number {
  return readFileSync(`${folder}${file}.gz`).length
}

function sum(files: Iterable<string>): number {
  return [...files].reduce((total, file) => total + gzipped(file), 0) / 1000
}
