import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, constants } from 'node:zlib'

/**
 * Unpacks a data directory packed by scripts/build-template.ts into `dataDir`, which then appears as a whole or not at all.
 * Nothing is flushed here: the template was packed from a running database, so the server recovers it at its first start, and
 * syncs every file of the directory before that (https://www.postgresql.org/docs/current/runtime-config-error-handling.html,
 * recovery_init_sync_method).
 */
export function unpackTemplate(templatePath: string, dataDir: string): void {
  const params = { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 }
  const tar = brotliDecompressSync(readFileSync(templatePath), { params })
  const aside = `${dataDir}.unpacking`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const { name, isDirectory, content } of readTar(tar)) {
    const path = join(aside, name)
    if (isDirectory) mkdirSync(path, { recursive: true, mode: 0o700 })
    else writeFileSync(path, content, { mode: 0o600 })
  }
  renameSync(aside, dataDir)
}

const blockBytes = 512

/** The entries of a plain ustar archive with names of at most 100 bytes, which is what PGlite writes. */
function* readTar(tar: Buffer): Generator<{ name: string; isDirectory: boolean; content: Buffer }> {
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
