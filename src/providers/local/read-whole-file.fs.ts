import { readFile } from 'node:fs/promises'

export async function readWholeFile(path: string): Promise<Buffer> {
  return readFile(path)
}
