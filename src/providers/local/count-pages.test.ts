import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { FailureCode } from '../../contract/failure.ts'
import { type FileType, fileTypeNames, fileTypes } from '../../contract/file-type.ts'
import { type ChildPool, createChildPool } from '../../platform/child-pool.ts'
import { buildDocx, buildPptx, buildXlsx, paragraph, shape } from './__fixtures__/build-office.ts'
import { buildPdf } from './__fixtures__/build-pdf.ts'
import { buildZip } from './__fixtures__/build-zip.ts'
import { createPageCounter } from './count-pages.ts'
import { localParserTasks } from './tasks.ts'

const limits = { timeoutMs: 30_000, memoryMb: 400, maxUnpackedBytes: 5_000_000, maxTextBytes: 10_000_000 }
const fixtures = new URL('./__fixtures__/', import.meta.url).pathname
const samples = new URL('../../../samples/', import.meta.url).pathname
const line = 'The pump house by the river has fed the town since the dam was built.'
const threePages = buildPdf([['one'], [], ['three']])
const goodDocx = buildDocx(paragraph('some words of no weight '.repeat(200)))
let folder = ''
let pool: ChildPool

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'count-pages-'))
  pool = createChildPool({ modulePath: `${fixtures}parser-child.ts`, size: 1, memoryLimitMb: limits.memoryMb })
})
after(async () => {
  await pool.close()
  await rm(folder, { recursive: true })
})

const paged: [name: string, FileType, () => Promise<Buffer>][] = [
  ['the sample report', 'pdf', () => readFile(`${samples}annual-report.pdf`)],
  ['the sample slides', 'pptx', () => readFile(`${samples}radio-meters.pptx`)],
  ['the sample workbook', 'xlsx', () => readFile(`${samples}water-quality.xlsx`)],
  ['a PDF with a blank page', 'pdf', async () => threePages],
  ['a PDF of many pages', 'pdf', async () => buildPdf(Array.from({ length: 201 }, () => [line]))],
  ['a PDF whose table of objects is lost', 'pdf', async () => edited(threePages, 'startxref', 'startxxxx')],
  ['a PDF with a page that is missing', 'pdf', async () => edited(threePages, '/Kids [4 0 R', '/Kids [99 0 R')],
  ['a PDF that claims more pages than it has', 'pdf', async () => edited(threePages, '/Count 3', '/Count 9')],
  ['a PDF that claims to have no pages', 'pdf', async () => edited(threePages, '/Count 3', '/Count 0')],
  ['slides', 'pptx', async () => buildPptx(['a', 'b', 'c'].map(text => ({ shapes: shape([text]), notes: 'note' })))],
  ['sheets', 'xlsx', async () => buildXlsx(['a', 'b'].map(name => ({ name, rows: '<row><c><v>7</v></c></row>' })))],
]
for (const [name, fileType, content] of paged)
  test(`${name}: as many pages are counted as the local parser finds`, async () => {
    const path = join(folder, 'paged')
    await writeFile(path, await content())
    assert.equal(await count(fileType, await content()), await parsedPages(fileType, path))
  })

test('a scanned PDF has its pages, though nothing here may be able to read them', async () => {
  assert.equal(await count('pdf', await readFile(`${fixtures}scanned.pdf`)), 1)
})

test('a sheet with a chart alone is billed too', async () => {
  const relation = (id: string, kind: string) => `<Relationship Id="${id}" Type="x/${kind}" Target="${kind}s/one.xml"/>`
  const workbook = buildZip([
    { name: 'xl/workbook.xml', content: '<workbook><sheet r:id="a"/><sheet r:id="b"/></workbook>' },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships>${relation('a', 'worksheet')}${relation('b', 'chartsheet')}</Relationships>`,
    },
    { name: 'xl/worksheets/one.xml', content: '<worksheet/>' },
    { name: 'xl/chartsheets/one.xml', content: '<chartsheet/>' },
  ])
  assert.equal(await count('xlsx', workbook), 2)
})

const claiming = (pages: string) => [
  { name: 'docProps/app.xml', content: `<Properties><Pages>${pages}</Pages><Words>9</Words></Properties>` },
]
const pageBreak = '<w:p><w:r><w:t>a</w:t><w:br w:type="page"/></w:r></w:p>'
const picture = (heightPoints: number) =>
  `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="${heightPoints * 12_700}"/></wp:inline></w:drawing></w:r></w:p>`
const estimates: [name: string, FileType, Buffer | string, pageCount: number][] = [
  ['a short letter', 'docx', buildDocx(paragraph('Dear Sir')), 1],
  ['a letter that claims nothing', 'docx', buildDocx(paragraph('Dear Sir'), claiming('0')), 1],
  ['a document that claims more than its text says', 'docx', buildDocx(paragraph('Dear Sir'), claiming('40')), 40],
  ['a document that claims too little', 'docx', buildDocx(paragraph(line).repeat(220), claiming('1')), 20],
  ['a claim that is no number', 'docx', buildDocx(paragraph('Dear Sir'), claiming('-5')), 1],
  ['breaks of pages', 'docx', buildDocx(pageBreak.repeat(4)), 5],
  ['pictures as high as a page', 'docx', buildDocx(picture(640).repeat(3)), 4],
  ['a document of East Asian text', 'docx', buildDocx(paragraph('水'.repeat(660))), 1],
  ['an HTML page', 'html', `<html><body>${'word '.repeat(50_000)}</body></html>`, 1],
  ['a short text', 'text', 'one\ntwo\n', 1],
  ['short lines', 'text', 'word\n'.repeat(501), 11],
  ['one long line', 'markdown', 'x'.repeat(400_001), 101],
  ['form feeds', 'text', 'one\ftwo\fthree\f', 3],
  ['a small table', 'csv', 'a;b\n1;2\n', 1],
  ['a large table', 'csv', 'a;b\n'.repeat(64 * 1024), 4],
]
for (const [name, fileType, content, pageCount] of estimates)
  test(`${name} (${fileType}) counts as ${pageCount}`, async () =>
    assert.equal(await count(fileType, content), pageCount))

test('no sample counts fewer pages than the local parser finds', async () => {
  for (const file of await readdir(samples)) {
    const fileType = fileTypeNames.find(type => fileTypes[type].extensions.some(end => file.endsWith(end)))
    assert.ok(fileType)
    const parsed = await parsedPages(fileType, samples + file)
    assert.ok((await count(fileType, await readFile(samples + file))) >= parsed, file)
  }
})

const badInputs: [name: string, FileType, () => Promise<Buffer | string>, FailureCode][] = [
  ['an empty file', 'pdf', async () => '', 'file_empty'],
  ['an encrypted PDF', 'pdf', () => readFile(`${fixtures}encrypted.pdf`), 'document_encrypted'],
  ['a PDF that is cut short', 'pdf', async () => threePages.subarray(0, threePages.length / 2), 'document_corrupt'],
  ['a PDF of noise', 'pdf', async () => `%PDF-1.7\n${'?'.repeat(5000)}\n%%EOF`, 'document_corrupt'],
  ['a PDF without a page tree', 'pdf', async () => edited(threePages, '/Pages 2', '/Sages 2'), 'document_corrupt'],
  ['a picture named as a PDF', 'pdf', async () => Buffer.from('\x89PNG\r\n', 'latin1'), 'document_mislabelled'],
  ['a DOCX that is cut short', 'docx', async () => goodDocx.subarray(0, goodDocx.length - 100), 'document_corrupt'],
  ['a DOCX without text', 'docx', async () => buildDocx(paragraph(' ')), 'document_without_text'],
  ['an XLSX named as a PPTX', 'pptx', async () => buildXlsx([]), 'document_mislabelled'],
  ['a PPTX without slides', 'pptx', async () => buildPptx([]), 'document_without_text'],
  ['an XLSX without sheets', 'xlsx', async () => buildXlsx([]), 'document_without_text'],
  ['a PDF named as an XLSX', 'xlsx', async () => threePages, 'document_mislabelled'],
  ['bytes named as text', 'text', async () => Buffer.from([1, 2, 0, 4, 5]), 'document_mislabelled'],
  ['bytes named as HTML', 'html', async () => Buffer.from([1, 2, 0, 4, 5]), 'document_mislabelled'],
  ['a CSV of blanks', 'csv', async () => ' \n\n', 'document_without_text'],
  ['a bomb', 'docx', async () => bomb(), 'document_expands_too_much'],
]
for (const [name, fileType, content, code] of badInputs)
  test(`${name} fails as ${code}`, async () => {
    await assert.rejects(count(fileType, await content()), { name: 'AppError', code, message: /document d1/ })
  })

test('a pool that was closed fails as shutting_down, and an abort with its reason', async () => {
  const closed = createChildPool({ modulePath: `${fixtures}parser-child.ts`, size: 1, memoryLimitMb: 400 })
  await closed.close()
  await assert.rejects(count('text', 'words', { pool: closed }), { code: 'shutting_down' })
  await assert.rejects(count('text', 'words', { signal: AbortSignal.abort(new RangeError('no more')) }), RangeError)
})

test('a child that cannot finish fails as parse_timed_out', async () => {
  const stuck = createChildPool({ modulePath: `${fixtures}stuck-counter.ts`, size: 1, memoryLimitMb: 400 })
  const hurried = createPageCounter({ pool: stuck, limits: { ...limits, timeoutMs: 200 } })
  const input = { documentId: 'd1', path: folder, fileType: 'text', byteCount: 1 } as const
  await assert.rejects(hurried(input, { signal: new AbortController().signal }), { code: 'parse_timed_out' })
  await stuck.close()
})

async function count(
  fileType: FileType,
  content: Buffer | string,
  { signal = new AbortController().signal, ...options }: { signal?: AbortSignal; pool?: ChildPool } = {},
): Promise<number> {
  const path = join(folder, 'stored-without-extension')
  await writeFile(path, content)
  const input = { documentId: 'd1', path, fileType, byteCount: Buffer.byteLength(content) }
  return createPageCounter({ pool: options.pool ?? pool, limits })(input, { signal })
}

async function parsedPages(fileType: FileType, path: string): Promise<number> {
  const { maxUnpackedBytes, maxTextBytes } = limits
  const parsed = await localParserTasks.parse({ path, fileType, ocr: null, maxUnpackedBytes, maxTextBytes })
  assert.equal(parsed.kind, 'parsed')
  return parsed.kind === 'parsed' ? parsed.pages.length : 0
}

/** Replaces text of a file by other text of any length. */
function edited(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')
}

function bomb(): Buffer {
  return buildZip([{ name: 'word/document.xml', content: Buffer.alloc(20_000_000, ' '), claimedBytes: 10 }])
}
