import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { AppError } from '../../contract/failure.ts'

const MAX_ENTRIES = 10_000
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** A zip whose every entry has been unpacked once and counted, so that reading it again is safe. */
export interface OfficeZip {
  has(name: string): boolean
  /** A part's text; '' when there is no such part. */
  read(name: string): Promise<string>
  /** A part's bytes, piece by piece; nothing when there is no such part. */
  stream(name: string): AsyncIterable<Buffer>
}

/**
 * Checks an Office document before any library sees it: that it is a whole zip with the part that makes it the claimed
 * type, and that it really unpacks to no more than `maxUnpackedBytes` (declared sizes lie, so the unpacked bytes are
 * counted). Zips inside of it stay packed. Throws `document_encrypted`, `document_mislabelled`, `document_corrupt` or
 * `document_expands_too_much`.
 */
export async function checkOfficeZip(bytes: Buffer, mainPart: string, maxUnpackedBytes: number): Promise<OfficeZip> {
  checkSignature(bytes)
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: false, autoClose: false })
    const entries = await countUnpacked(zip, maxUnpackedBytes)
    if (!entries.has(mainPart))
      throw new AppError('document_mislabelled', `The file is a zip, but has no ${mainPart}, so it is of another type`)
    return openParts(zip, entries)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('document_corrupt', `The zip container is damaged: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function checkSignature(bytes: Buffer): void {
  if (bytes.subarray(0, 8).equals(COMPOUND_FILE)) {
    if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')))
      throw new AppError('document_encrypted', 'The Office document is protected by a password')
    throw new AppError('document_mislabelled', 'The file is a legacy Office document (.doc, .xls, .ppt)')
  }
  if (bytes.toString('latin1', 0, 2) !== 'PK')
    throw new AppError('document_mislabelled', 'The file is not an Office document')
}

async function countUnpacked(zip: ZipFile, maxUnpackedBytes: number): Promise<Map<string, Entry>> {
  const tooMany = zip.entryCount > MAX_ENTRIES
  if (tooMany) throw new AppError('document_expands_too_much', `The file packs ${zip.entryCount} parts`)
  const entries = new Map<string, Entry>()
  let unpackedBytes = 0
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw new AppError('document_encrypted', 'The parts of the file are encrypted')
    let entryBytes = 0
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      entryBytes += (piece as Buffer).byteLength
      if (unpackedBytes + entryBytes > maxUnpackedBytes)
        throw new AppError('document_expands_too_much', `The file unpacks to more than ${maxUnpackedBytes} bytes`)
    }
    if (entryBytes !== entry.uncompressedSize) throw new Error('a part is not as long as it claims')
    unpackedBytes += entryBytes
    entries.set(entry.fileName, entry)
  }
  return entries
}

function openParts(zip: ZipFile, entries: ReadonlyMap<string, Entry>): OfficeZip {
  async function* stream(name: string): AsyncGenerator<Buffer> {
    const entry = entries.get(name)
    if (entry !== undefined) yield* await zip.openReadStreamPromise(entry)
  }
  return {
    has: name => entries.has(name),
    stream,
    read: async name => new TextDecoder().decode(Buffer.concat(await Array.fromAsync(stream(name)))),
  }
}
