import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { usageFailure } from '../cli-failure.ts'

/** The JSON of a price list, which the server checks. Throws a usage failure for a file that cannot be read. */
export async function readPriceFile(path: string, workingDirectory: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(workingDirectory, path), 'utf8'))
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw usageFailure(`The price list ${path} cannot be read: ${because}.`, 'Check the path and that it is JSON.')
  }
}
