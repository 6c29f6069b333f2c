import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { detectStoredFileType } from './detect-stored-file-type.fs.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-type-'))
})
after(() => rm(folder, { recursive: true }))

test('a stored Office document is told by the parts in it', async () => {
  assert.equal(await detect(zipOf('[Content_Types].xml', 'word/document.xml')), 'docx')
  assert.equal(await detect(zipOf('[Content_Types].xml', 'xl/workbook.xml')), 'xlsx')
  await assert.rejects(detect(zipOf('notes.txt')), {
    code: 'file_type_unsupported',
    message: /x\.bin is a zip archive/,
  })
})

test('a zip that is cut short is corrupt', async () => {
  const whole = zipOf('[Content_Types].xml', 'word/document.xml')
  await assert.rejects(detect(whole.subarray(0, -30)), { code: 'document_corrupt', message: /x\.bin/ })
})

test('a compound file is an encrypted or a legacy document by its directory, wherever that stands', async () => {
  for (const sector of [1, 400]) {
    await assert.rejects(detect(compoundFile('EncryptedPackage', sector)), { code: 'document_encrypted' })
    await assert.rejects(detect(compoundFile('WordDocument', sector)), {
      code: 'file_type_unsupported',
      message: /legacy/,
    })
  }
  await assert.rejects(detect(Buffer.from('d0cf11e0a1b11ae1', 'hex')), { code: 'file_type_unsupported' })
})

test('other files are told by their head', async () => {
  assert.equal(await detect(Buffer.from('%PDF-1.7')), 'pdf')
  await assert.rejects(detect(Buffer.alloc(0)), { code: 'file_empty' })
})

async function detect(content: Buffer) {
  const path = join(folder, 'stored')
  await writeFile(path, content)
  return detectStoredFileType(path, 'x.bin')
}

/** A zip (APPNOTE 4.3) of empty entries. */
function zipOf(...names: string[]): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const name of names) {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    pieces.push(Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name)]))
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]))
    offset += 30 + name.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(names.length, 8)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).byteLength, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, ...directory, end])
}

/** The header of a compound file (MS-CFB 2.2) whose directory sector holds the name of one stream. */
function compoundFile(streamName: string, directorySector: number): Buffer {
  const bytes = Buffer.alloc(512 * (directorySector + 2))
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  bytes.writeUInt16LE(9, 30)
  bytes.writeUInt32LE(directorySector, 48)
  bytes.write(streamName, 512 * (directorySector + 1), 'utf16le')
  return bytes
}
