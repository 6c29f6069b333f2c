import { statfs } from 'node:fs/promises'

/** The disk that a folder is on; `freeBytes` is what this user may still write. */
export async function readDisk(folder: string): Promise<{ freeBytes: number; sizeBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize }
}
