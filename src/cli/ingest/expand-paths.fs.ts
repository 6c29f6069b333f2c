import { createReadStream } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { basename, extname, relative, resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { fileTypes } from '../../contract/file-type.ts'
import { usageFailure } from '../cli-failure.ts'

/** A file to send: `label` is its path as the user would write it. */
export interface FoundFile {
  path: string
  label: string
  fileName: string
  byteCount: number
}

/**
 * Files, folders and glob patterns as a list of files, each once, in the order of their paths. Folders are searched to the
 * bottom for the extensions that Sluice takes, without hidden files and node_modules; a file named as such is always taken.
 * Throws a usage failure for what matches nothing.
 */
export async function expandPaths(patterns: readonly string[], workingDirectory: string): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>()
  for (const pattern of patterns) {
    for (const path of await matches(pattern, workingDirectory)) {
      const entry = await stat(path)
      const shorter = relative(workingDirectory, path)
      const label = shorter.startsWith('..') ? path : shorter
      found.set(await realpath(path), { path, label, fileName: basename(path), byteCount: entry.size })
    }
  }
  return [...found.values()].sort((a, b) => collator.compare(a.label, b.label))
}

/** The bytes of a file as they are read; throws a usage failure at once when it cannot be opened. */
export async function readBytes(file: FoundFile): Promise<AsyncIterable<Uint8Array>> {
  const handle = await open(file.path).catch((error: Error) => {
    throw usageFailure(`The file ${file.label} cannot be read: ${error.message}.`, 'Check its path and permissions.')
  })
  await handle.close()
  return read(file.path)
}

/** Opened at the first read, so that a request which fails before it leaves nothing open. */
async function* read(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: 256 * 1024 })
}

/** The media type that the file's extension stands for. */
export function mediaTypeOf(fileName: string): string {
  const extension = extname(fileName).toLowerCase()
  const type = Object.values(fileTypes).find(({ extensions }) => extensions.some(known => known === extension))
  return type?.mediaType ?? 'application/octet-stream'
}

async function matches(pattern: string, workingDirectory: string): Promise<string[]> {
  const path = resolve(workingDirectory, pattern)
  const entry = await stat(path).catch(() => null)
  if (entry?.isFile()) return [path]
  if (entry?.isDirectory())
    return nonEmpty(await search('**', path), `The folder ${pattern} holds no file of a known type.`)
  if (entry === null && isDynamicPattern(pattern)) {
    return nonEmpty(await search(pattern, workingDirectory), `No file of a known type matches ${pattern}.`)
  }
  throw usageFailure(
    entry ? `${pattern} is neither a file nor a folder.` : `There is no file or folder ${pattern}.`,
    'Check the path.',
  )
}

async function search(pattern: string, cwd: string): Promise<string[]> {
  const paths = await glob(pattern, { cwd, absolute: true, ignore: ['**/node_modules/**'], followSymbolicLinks: false })
  return paths.filter(path => mediaTypeOf(path) !== 'application/octet-stream')
}

function nonEmpty(paths: string[], message: string): string[] {
  if (paths.length > 0) return paths
  throw usageFailure(
    message,
    `Known are ${Object.values(fileTypes)
      .flatMap(type => type.extensions)
      .join(' ')}; a file named as such is always sent.`,
  )
}

const collator = new Intl.Collator('en', { numeric: true })
