import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { FileType } from '../src/contract/file-type.ts'
import type { Problem } from '../src/contract/problem.ts'
import { buildDocx, buildPptx, buildXlsx, paragraph, shape } from '../src/providers/local/__fixtures__/build-office.ts'
import { buildPdf } from '../src/providers/local/__fixtures__/build-pdf.ts'
import { buildZip } from '../src/providers/local/__fixtures__/build-zip.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { boundary, closing, fieldPart, fileHead, rawUpload } from './harness/raw-upload.ts'
import { apiKey, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

const maxFileBytes = 200_000

onBothDatabases('uploads', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place, { SLUICE_WORKERS: 'off', SLUICE_MAX_FILE_BYTES: String(maxFileBytes) })
  })
  after(async () => {
    // Nothing that a refused upload sent may stay behind.
    const left = readdirSync(join(place.dataDir, 'blobs', '.incoming'))
    await sluice.close()
    await place.remove()
    assert.deepEqual(left, [])
  })
  const refused = async (name: string, bytes: Uint8Array | string) => {
    const { status, body } = await sluice.upload(name, bytes)
    return { status, code: (body as unknown as Problem).code, detail: (body as unknown as Problem).detail }
  }

  test('each supported type is told by its bytes, whatever the name says', async () => {
    const files: [name: string, bytes: Uint8Array | string, FileType][] = [
      ['report', buildPdf([['a page']]), 'pdf'],
      ['report.docx', buildPdf([['another page']]), 'pdf'],
      ['letter.bin', buildDocx(paragraph('a letter')), 'docx'],
      ['letter.pptx', buildDocx(paragraph('another letter')), 'docx'],
      ['talk', buildPptx([{ shapes: shape(['a slide'], 'title') }]), 'pptx'],
      ['table.zip', buildXlsx([{ name: 'a', rows: '<row><c><v>1</v></c></row>' }]), 'xlsx'],
      ['site.txt', '<!doctype html><title>t</title><p>words', 'html'],
      ['notes.md', '# Notes\n\nwords', 'markdown'],
      ['rows.csv', 'a,b\n1,2\n', 'csv'],
      ['rows.tsv', 'a\tb\n1\t2\n', 'csv'],
      ['plain.txt', 'only words', 'text'],
      ['LICENSE', 'words without an extension', 'text'],
    ]
    for (const [name, bytes, fileType] of files) {
      const { status, body } = await sluice.upload(name, bytes)
      assert.equal(status, 201, `${name}: ${JSON.stringify(body)}`)
      assert.equal(body.document.fileType, fileType, name)
      assert.equal(body.document.fileName, name)
      assert.equal(body.document.byteCount, Buffer.byteLength(bytes))
    }
  })

  test('what cannot be read is refused with a reason, before there is a document', async () => {
    const count = async () => (await sluice.sql('SELECT 1 FROM sluice.documents')).length
    const before = await count()
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
    const docx = buildDocx(paragraph('words '.repeat(500)))
    const cases: [name: string, bytes: Uint8Array | string, status: number, code: string][] = [
      ['picture.pdf', png, 415, 'file_type_unsupported'],
      ['program.txt', Buffer.from('\x7fELF\x02\x01\x01\0\0', 'latin1'), 415, 'file_type_unsupported'],
      ['archive.docx', buildZip([{ name: 'a.txt', content: 'words' }]), 415, 'file_type_unsupported'],
      ['error-page.pdf', '<html>404 not found</html>', 422, 'document_mislabelled'],
      ['cut.docx', docx.subarray(0, docx.length - 60), 422, 'document_corrupt'],
      ['empty.pdf', '', 422, 'file_empty'],
      ['large.txt', 'x'.repeat(maxFileBytes + 1), 413, 'file_too_large'],
    ]
    for (const [name, bytes, status, code] of cases) {
      const answer = await refused(name, bytes)
      assert.deepEqual([answer.status, answer.code], [status, code], `${name}: ${answer.detail}`)
    }
    assert.equal((await sluice.upload('just-fits.txt', 'x'.repeat(maxFileBytes))).status, 201)
    assert.equal(await count(), before + 1)
  })

  test('a file name is cut to its last part; one that cannot be used is refused', async () => {
    const send = async (name: string) =>
      await rawUpload(sluice.server.url, apiKey, [fileHead(name), `words of ${encodeURIComponent(name)}`, closing])
    const kept = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\Users\\me\\notes.txt', 'notes.txt'],
      ['/abs/olute.txt', 'olute.txt'],
      ['größe und 漢字.txt', 'größe und 漢字.txt'],
      ['a'.repeat(255), 'a'.repeat(255)],
    ] as const
    for (const [given, name] of kept) {
      assert.equal((await send(given)).status, 201, given)
      const found = await sluice.sql('SELECT 1 FROM sluice.documents WHERE file_name = $1', [name])
      assert.equal(found.length, 1, given)
    }
    for (const name of ['a'.repeat(256), '..', '   ', 'tab\there.txt', 'bell\x07.txt', '漢'.repeat(86), 'folder/']) {
      const { status, body } = await send(name)
      assert.deepEqual([status, body.code], [422, 'file_name_invalid'], JSON.stringify(name))
    }
  })

  test('a form that is none, has no file, two files or broken fields is refused', async () => {
    const post = async (pieces: string[], headers?: Record<string, string>) => {
      const { status, body } = await rawUpload(sluice.server.url, apiKey, pieces, headers)
      return [status, body.code]
    }
    const bad = [400, 'validation_failed']
    assert.deepEqual(await post(['{}'], { 'content-type': 'application/json' }), bad)
    assert.deepEqual(await post([fieldPart('metadata', '{}'), `--${boundary}--\r\n`]), bad)
    assert.deepEqual(await post([`--${boundary}--\r\n`]), bad)
    const words = (n: number) => `${fileHead('a.txt')}these words ${n}`
    const two = `\r\n${fileHead('b.txt', 'other')}more words`
    assert.deepEqual(await post([words(1), two, closing]), bad)
    for (const [i, value] of ['{"a":', '[1]', '"text"', 'null'].entries())
      assert.deepEqual(await post([fieldPart('metadata', value), words(10 + i), closing]), bad, value)
    for (const [i, value] of ['{"maxTokens":"many"}', '{"maxTokens":1}', '{"tokens":64}'].entries())
      assert.deepEqual(await post([fieldPart('chunking', value), words(20 + i), closing]), bad, value)
    assert.deepEqual(await sluice.sql("SELECT 1 FROM sluice.documents WHERE file_name IN ('a.txt', 'b.txt')"), [])
  })

  test('fields may stand before or behind the file', async () => {
    const metadata = (where: string) => fieldPart('metadata', JSON.stringify({ where }))
    const forms = [
      ['before', [metadata('before'), fileHead('before.txt'), 'words before', closing]],
      ['behind', [fileHead('behind.txt'), 'words behind\r\n', metadata('behind'), `--${boundary}--\r\n`]],
    ] as const
    for (const [where, pieces] of forms) {
      assert.equal((await rawUpload(sluice.server.url, apiKey, pieces)).status, 201)
      const [row] = await sluice.sql<{ metadata: object }>(
        'SELECT metadata FROM sluice.documents WHERE file_name = $1',
        [`${where}.txt`],
      )
      assert.deepEqual(row?.metadata, { where })
    }
  })

  test('the same bytes again give the document that is there, with 200', async () => {
    const first = await sluice.upload('one.txt', 'the very same words')
    const second = await sluice.upload('two.txt', 'the very same words', { metadata: { ignored: true } })
    assert.deepEqual([first.status, first.body.created, second.status, second.body.created], [201, true, 200, false])
    assert.deepEqual(second.body.document, first.body.document)
  })

  test('the same bytes ten times at once are one document: one 201, nine 200', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => sluice.upload(`${i}.txt`, 'all at once')))
    assert.deepEqual(answers.map(answer => answer.status).sort(), [...Array(9).fill(200), 201])
    assert.equal(new Set(answers.map(answer => answer.body.document.documentId)).size, 1)
    const jobs = await sluice.sql('SELECT 1 FROM sluice.jobs WHERE document_id = $1', [
      answers[0]?.body.document.documentId,
    ])
    assert.equal(jobs.length, 1)
  })

  test('an Idempotency-Key gives its first answer again, and a conflict for another request', async () => {
    const send = (text: string, metadata = {}) => sluice.upload('k.txt', text, { idempotencyKey: 'key-1', metadata })
    const first = await send('words under a key')
    const again = await send('words under a key')
    assert.deepEqual([first.status, again.status], [201, 201])
    assert.deepEqual(again.body, first.body)
    for (const other of [await send('other words'), await send('words under a key', { other: true })]) {
      assert.equal(other.status, 409)
      assert.equal((other.body as unknown as Problem).code, 'idempotency_conflict')
    }
    const known = await sluice.upload('k.txt', 'words under a key', { idempotencyKey: 'key-2' })
    assert.equal(known.status, 200, 'a new key for known bytes')
  })

  test('ten requests with one Idempotency-Key at once make one document and get the same answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => sluice.upload('r.txt', 'raced words', { idempotencyKey: 'key-race' })),
    )
    assert.deepEqual(
      answers.map(answer => answer.status),
      Array(10).fill(201),
    )
    assert.equal(new Set(answers.map(answer => answer.body.document.documentId)).size, 1)

    const rivals = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        sluice.upload('v.txt', `rival words ${i}`, { idempotencyKey: 'key-rivals' }),
      ),
    )
    assert.deepEqual(rivals.map(answer => answer.status).sort(), [201, ...Array(9).fill(409)])
    const rows = await sluice.sql("SELECT 1 FROM sluice.documents WHERE file_name = 'v.txt'")
    assert.equal(rows.length, 1, 'what lost the race leaves no document')
  })

  test('metadata comes back as it was sent', async () => {
    const metadata = {
      project: 'Nord',
      tags: ['a', 'b'],
      nested: { n: 1.5, none: null },
      'with space': 'ü 漢 "quoted"',
    }
    const { body } = await sluice.upload('tagged.txt', 'tagged words', { metadata })
    assert.deepEqual((await sluice.document(body.document.documentId)).metadata, metadata)
  })

  test('the samples are taken as what they are', async () => {
    const samples = new URL('../samples/', import.meta.url)
    for (const name of readdirSync(samples).filter(file => file !== 'README.md')) {
      const bytes = readFileSync(new URL(name, samples))
      if (bytes.length > maxFileBytes) continue
      const { body } = await sluice.upload(name, bytes)
      const extension = name.slice(name.lastIndexOf('.') + 1)
      assert.equal(body.document.fileType, extension === 'md' ? 'markdown' : extension)
    }
  })
})
