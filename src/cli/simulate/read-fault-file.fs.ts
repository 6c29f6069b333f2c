import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { usageFailure } from '../cli-failure.ts'

/** The JSON of a file of faults, which the simulators check. Throws a usage failure for a file that cannot be read. */
export async function readFaultFile(path: string, workingDirectory: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(workingDirectory, path), 'utf8'))
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw usageFailure(`The faults in ${path} cannot be read: ${because}.`, 'Check the path and that it is JSON.')
  }
}
