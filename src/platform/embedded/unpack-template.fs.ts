import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, constants } from 'node:zlib'

const filesAtOnce = 8

/**
 * Unpacks a data directory packed by scripts/build-template.ts into `dataDir`, which then appears as a whole, durable, or not at
 * all. Fails when `dataDir` holds something. The files are synced several at a time here, because the server, which recovers
 * the template at its first start, would otherwise sync the thousand of them one after another.
 */
export async function unpackTemplate(templatePath: string, dataDir: string): Promise<void> {
  const params = { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 }
  const tar = brotliDecompressSync(readFileSync(templatePath), { params })
  const aside = `${dataDir}.unpacking`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  const files: TarEntry[] = []
  for (const entry of readTar(tar)) {
    if (entry.isDirectory) await mkdir(join(aside, entry.name), { recursive: true, mode: 0o700 })
    else files.push(entry)
  }
  const queue = files.values()
  const writer = async () => {
    for (const { name, content } of queue) await writeFile(join(aside, name), content, { mode: 0o600, flush: true })
  }
  await Promise.all(Array.from({ length: filesAtOnce }, writer))
  await rename(aside, dataDir)
}

interface TarEntry {
  name: string
  isDirectory: boolean
  content: Buffer
}

const blockBytes = 512

/** The entries of a plain ustar archive with names of at most 100 bytes, which is what PGlite writes. */
function* readTar(tar: Buffer): Generator<TarEntry> {
  for (let at = 0; at < tar.length; ) {
    const name = readField(tar, at, 100)
    if (name === '') return
    const byteCount = Number.parseInt(readField(tar, at + 124, 12), 8)
    const isDirectory = readField(tar, at + 156, 1) === '5'
    const start = at + blockBytes
    yield { name, isDirectory, content: tar.subarray(start, start + byteCount) }
    at = start + Math.ceil(byteCount / blockBytes) * blockBytes
  }
}

/** Up to the first zero byte. */
function readField(tar: Buffer, start: number, byteCount: number): string {
  const field = tar.toString('latin1', start, start + byteCount)
  const end = field.indexOf('\0')
  return end < 0 ? field : field.slice(0, end)
}
