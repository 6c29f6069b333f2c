import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../contract/failure.ts'
import type { CassetteStore } from './cassette.ts'

let writes = 0

/** Cassettes as JSON files in a folder, which is made when it is needed. */
export function openCassetteFolder(folder: string): CassetteStore {
  const pathOf = (name: string) => join(folder, `${name}.json`)
  return {
    async read(name, schema) {
      let text: string
      try {
        text = await readFile(pathOf(name), 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
      const read = schema.safeParse(parsed(text))
      if (read.success) return read.data
      throw new AppError(
        'cassette_missing',
        `The cassette ${pathOf(name)} is damaged. Delete it, and record again with SLUICE_CASSETTES=record.`,
      )
    },
    async write(name, cassette) {
      await mkdir(folder, { recursive: true })
      const draft = `${pathOf(name)}.${process.pid}-${writes++}.part`
      await writeFile(draft, `${JSON.stringify(cassette, null, 2)}\n`)
      await rename(draft, pathOf(name))
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
