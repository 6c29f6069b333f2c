import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { glob, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../contract/failure.ts'
import { noteAllocated } from './young-garbage.ts'

/** Bytes that arrived, hashed and durable, but not yet under their name. */
export interface ReceivedBlob {
  sha256: Buffer
  byteCount: number
  /** The received bytes, to look at before keeping them. */
  path: string
  /** Files them under their hash; the same bytes twice are one blob. */
  keep(): Promise<void>
  discard(): Promise<void>
}

/** Content-addressed blobs in a folder, apart for each owner: `<root>/<owner>/<first byte of the hash>/<hash>`. */
export interface BlobStore {
  /** Streams to disk while hashing, in constant memory; leaves nothing behind when it fails. */
  receive(owner: string, bytes: Readable, maxBytes: number): Promise<ReceivedBlob>
  /** The path of a local file with the blob's bytes, checked against the hash. Throws `blob_missing` or `blob_corrupt`. */
  verifiedPath(owner: string, sha256: Buffer, signal: AbortSignal): Promise<string>
  /** Deletes a blob, unless it was filed again less than `youngMs` ago: then somebody is about to refer to it. */
  removeOld(owner: string, sha256: Buffer, youngMs: number): Promise<void>
  /** Owner and hash of every blob that was filed more than `olderThanMs` ago. */
  list(olderThanMs: number): AsyncIterable<{ owner: string; sha256: Buffer }>
}

/**
 * Opens the folder. What a dead process left in the middle of an upload is deleted: all of it when this process has the folder
 * for itself (`exclusive`), otherwise what is older than a day.
 */
export async function openBlobFolder(root: string, newId: () => string, exclusive: boolean): Promise<BlobStore> {
  const incoming = join(root, '.incoming') // no tenant's name begins with a dot
  await mkdir(incoming, { recursive: true })
  await deleteAbandoned(incoming, exclusive ? 0 : 24 * 3600_000)

  const pathOf = (owner: string, sha256: Buffer) => {
    const hash = sha256.toString('hex')
    return join(root, owner, hash.slice(0, 2), hash)
  }
  return {
    async receive(owner, bytes, maxBytes) {
      const path = join(incoming, newId())
      try {
        const { sha256, byteCount } = await write(path, bytes, maxBytes)
        const discard = () => rm(path, { force: true })
        const keep = () => file(path, pathOf(owner, sha256))
        return { sha256, byteCount, path, keep, discard }
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    async verifiedPath(owner, sha256, signal) {
      const path = pathOf(owner, sha256)
      const hash = createHash('sha256')
      try {
        await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        throw new AppError('blob_missing', `The bytes with hash ${sha256.toString('hex')} are not in the blob store.`, {
          cause: error,
        })
      }
      if (!hash.digest().equals(sha256)) {
        throw new AppError('blob_corrupt', `The stored bytes of ${sha256.toString('hex')} have another hash now.`)
      }
      return path
    },
    async removeOld(owner, sha256, youngMs) {
      // Taken aside before it is looked at: what is filed from now on is another file.
      const aside = join(incoming, newId())
      await rename(pathOf(owner, sha256), aside)
      const { mtimeMs } = await stat(aside)
      if (Date.now() - mtimeMs < youngMs) await rename(aside, pathOf(owner, sha256))
      else await rm(aside, { force: true })
    },
    async *list(olderThanMs) {
      for await (const path of glob('*/[0-9a-f][0-9a-f]/*', { cwd: root })) {
        const [owner = '', , hash = ''] = path.split(sep)
        const { mtimeMs } = await stat(join(root, path))
        if (Date.now() - mtimeMs > olderThanMs) yield { owner, sha256: Buffer.from(hash, 'hex') }
      }
    },
  }
}

async function write(path: string, bytes: Readable, maxBytes: number): Promise<{ sha256: Buffer; byteCount: number }> {
  const hash = createHash('sha256')
  let byteCount = 0
  const target = await open(path, 'wx')
  try {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      byteCount += piece.length
      if (byteCount > maxBytes)
        throw new AppError('file_too_large', `The file has more than the ${maxBytes} bytes that are allowed.`)
      hash.update(piece)
      await target.writeFile(piece)
      noteAllocated(piece.length)
    }
    await target.datasync()
  } finally {
    await target.close()
  }
  return { sha256: hash.digest(), byteCount }
}

/** Moves to the final name (atomic; it replaces equal bytes, or heals damaged ones) and makes the name durable. */
async function file(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  const directory = await open(dirname(to), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function deleteAbandoned(incoming: string, olderThanMs: number): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs >= olderThanMs) await rm(path, { force: true })
  }
}
