import { type FileHandle, open } from 'node:fs/promises'
import { openPromise } from 'yauzl'
import { AppError } from '../contract/failure.ts'
import type { FileType } from '../contract/file-type.ts'
import { decideOfficeType, detectFileType } from './detect-file-type.ts'

const HEAD_BYTES = 64 * 1024
const MAX_PART_NAMES = 10_000

/**
 * The type of a stored file by its bytes, looking into containers where the head does not tell. Throws what
 * `detectFileType` throws, `document_encrypted` for an Office document with a password, `document_corrupt` for a zip
 * without a readable directory, and `file_type_unsupported` for legacy Office files.
 */
export async function detectStoredFileType(path: string, fileName: string): Promise<FileType> {
  const file = await open(path, 'r')
  try {
    const head = await readAt(file, 0, HEAD_BYTES)
    const type = detectFileType(head, fileName)
    if (type === 'compound_file') throw refuseCompoundFile(await readCompoundDirectory(file, head), fileName)
    return type === 'zip' ? decideOfficeType(await listZipPartNames(path, fileName), fileName) : type
  } finally {
    await file.close()
  }
}

/** The names of the entries of a zip; their content is not touched. */
async function listZipPartNames(path: string, fileName: string): Promise<string[]> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: true })
    const names: string[] = []
    for await (const entry of zip.eachEntry()) if (names.push(entry.fileName) >= MAX_PART_NAMES) break
    return names
  } catch (error) {
    throw new AppError('document_corrupt', `${fileName} begins as a zip but is damaged or cut short`, { cause: error })
  }
}

/** The directory names the streams, and its place stands in the header (MS-CFB 2.2: sector shift at 30, start at 48). */
async function readCompoundDirectory(file: FileHandle, head: Buffer): Promise<Buffer> {
  if (head.byteLength < 512) return head
  const sectorBytes = 2 ** Math.min(Math.max(head.readUInt16LE(30), 9), 12)
  const sector = await readAt(file, (head.readUInt32LE(48) + 1) * sectorBytes, sectorBytes)
  return Buffer.concat([head, sector])
}

function refuseCompoundFile(directory: Buffer, fileName: string): AppError {
  return directory.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new AppError('document_encrypted', `${fileName} is an Office document that is protected by a password`)
    : new AppError('file_type_unsupported', `${fileName} has a legacy Office format: save it as .docx, .pptx or .xlsx`)
}

async function readAt(file: FileHandle, position: number, byteCount: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(byteCount), 0, byteCount, position)
  return buffer.subarray(0, bytesRead)
}
