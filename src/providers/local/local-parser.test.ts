import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { FailureCode } from '../../contract/failure.ts'
import type { FileType } from '../../contract/file-type.ts'
import type { ParseOptions } from '../../contract/parse-options.ts'
import type { DirectParseService } from '../../contract/parse-service.ts'
import { type ChildPool, createChildPool } from '../../platform/child-pool.ts'
import { buildDocx, buildPptx, buildXlsx, paragraph, shape } from './__fixtures__/build-office.ts'
import { buildPdf } from './__fixtures__/build-pdf.ts'
import { buildZip } from './__fixtures__/build-zip.ts'
import { createLocalParser, type LocalParserOptions } from './local-parser.ts'

const limits = { timeoutMs: 30_000, memoryMb: 400, maxUnpackedBytes: 5_000_000, maxTextBytes: 1_000_000 }
const goodPdf = buildPdf([
  ['# One', 'first page text'],
  ['# Two', 'second page text'],
])
const goodDocx = buildDocx(paragraph('some words of no weight '.repeat(200)))
const fixtures = new URL('./__fixtures__/', import.meta.url).pathname
let folder = ''
let pool: ChildPool
let parser: DirectParseService

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-parser-'))
  pool = createChildPool({ modulePath: `${fixtures}misbehaving-child.ts`, size: 1, memoryLimitMb: limits.memoryMb })
  parser = parserWith({})
})
after(async () => {
  await pool.close()
  await rm(folder, { recursive: true })
})

test('every type is parsed into pages, for nothing, and usage counts the pages', async () => {
  const files: [FileType, Buffer | string, pageCount: number, found: RegExp][] = [
    ['pdf', goodPdf, 2, /first page text/],
    [
      'docx',
      buildDocx(paragraph('Report', { style: 'Heading1' }) + paragraph('in words')),
      1,
      /^# Report\n\nin words$/,
    ],
    ['pptx', buildPptx([{ shapes: shape(['A slide'], 'title') }]), 1, /^# A slide$/],
    ['xlsx', buildXlsx([{ name: 'Tab', rows: '<row><c><v>7</v></c></row>' }]), 1, /^# Tab\n\n\| 7 \|/],
    ['html', '<html><body><h2>Hello</h2>', 1, /^## Hello$/],
    ['markdown', '---\na: 1\n---\n# T\n', 1, /^---\na: 1\n---\n# T\n$/],
    ['text', 'one\ftwo\n', 2, /^one$/],
    ['csv', 'a;b\n1;2\n', 1, /^\| a \| b \|/],
  ]
  for (const [fileType, content, pageCount, found] of files) {
    const { output, usage } = await parse(fileType, content)
    assert.deepEqual(usage, { units: pageCount, costNanoUsd: 0n, shadowNanoUsd: 0n }, fileType)
    assert.deepEqual(
      output.pages.map(page => page.pageNumber),
      Array.from({ length: pageCount }, (_, i) => i + 1),
    )
    assert.match(output.pages[0]?.markdown ?? '', found)
    assert.deepEqual(output.notes, [])
  }
})

const badInputs: [name: string, FileType, () => Promise<Buffer | string>, FailureCode][] = [
  ['an encrypted PDF', 'pdf', () => readFile(`${fixtures}encrypted.pdf`), 'document_encrypted'],
  ['a PDF that is cut short', 'pdf', async () => goodPdf.subarray(0, goodPdf.length * 0.6), 'document_corrupt'],
  ['a PDF of noise', 'pdf', async () => `%PDF-1.7\n${'?'.repeat(5000)}\n%%EOF`, 'document_corrupt'],
  ['a picture named as a PDF', 'pdf', async () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'document_mislabelled'],
  ['a scanned PDF', 'pdf', () => readFile(`${fixtures}scanned.pdf`), 'document_scanned'],
  ['a PDF of blank pages', 'pdf', async () => buildPdf([[], []]), 'document_without_text'],
  ['an empty file', 'pdf', async () => '', 'file_empty'],
  ['a DOCX that is cut short', 'docx', async () => goodDocx.subarray(0, goodDocx.length - 100), 'document_corrupt'],
  ['a DOCX without text', 'docx', async () => buildDocx(paragraph(' ')), 'document_without_text'],
  ['a DOCX of broken XML', 'docx', async () => buildDocx('<w:p><w:r></w:p>'), 'document_corrupt'],
  ['an XLSX named as a DOCX', 'docx', async () => buildXlsx([]), 'document_mislabelled'],
  ['a PDF named as an XLSX', 'xlsx', async () => goodPdf, 'document_mislabelled'],
  ['an XLSX of empty sheets', 'xlsx', async () => buildXlsx([{ name: 'a', rows: '' }]), 'document_without_text'],
  ['a PPTX without slides', 'pptx', async () => buildPptx([]), 'document_without_text'],
  ['an Office file with a password', 'xlsx', async () => compoundFile('EncryptedPackage'), 'document_encrypted'],
  ['a legacy Office file', 'docx', async () => compoundFile('WordDocument'), 'document_mislabelled'],
  ['bytes named as text', 'text', async () => Buffer.from([1, 2, 0, 4, 5]), 'document_mislabelled'],
  ['an empty HTML page', 'html', async () => '<html><script>x()</script></html>', 'document_without_text'],
  ['a CSV of separators', 'csv', async () => ',,,\n,,,\n', 'document_without_text'],
  ['too much text', 'text', async () => 'x'.repeat(1_000_001), 'parse_output_too_large'],
  ['a bomb that lies about its size', 'docx', async () => bomb(10), 'document_expands_too_much'],
  ['a bomb that is honest', 'xlsx', async () => bomb(undefined, 'xl/workbook.xml'), 'document_expands_too_much'],
]
for (const [name, fileType, content, code] of badInputs)
  test(`I23: ${name} gets its typed failure, and the next document is parsed`, async () => {
    await assert.rejects(parse(fileType, await content()), { name: 'AppError', code, message: /document d1/ })
    await stillServes()
  })

const accidents: [fileName: string, FailureCode, options?: Partial<typeof limits>][] = [
  ['hang.txt', 'parse_timed_out', { timeoutMs: 500 }],
  ['eat.txt', 'parse_out_of_memory'],
  ['crash.txt', 'parser_crashed'],
  ['throw.txt', 'internal_error'],
  ['flood.txt', 'parse_output_too_large'],
]
for (const [fileName, code, options] of accidents)
  test(`P21: a parser that meets ${fileName} fails that document alone (${code})`, async () => {
    const careful = parserWith({ limits: { ...limits, ...options } })
    await assert.rejects(parse('text', 'words', { parser: careful, fileName }), { code, message: /d1, text/ })
    await stillServes()
  })

test('an abort ends a parse at once with the reason of the signal', async () => {
  const signal = AbortSignal.timeout(300)
  await assert.rejects(parse('text', 'words', { fileName: 'hang.txt', signal }), { name: 'TimeoutError' })
  await stillServes()
})

test('after the pool is closed, documents fail as shutting_down', async () => {
  const closed = createChildPool({ modulePath: `${fixtures}parser-child.ts`, size: 1, memoryLimitMb: 400 })
  await closed.close()
  await assert.rejects(parse('text', 'words', { parser: parserWith({ pool: closed }) }), { code: 'shutting_down' })
})

function parserWith(options: Partial<LocalParserOptions>): DirectParseService {
  return createLocalParser({ pool, limits, ocr: 'off', ...options })
}

async function parse(
  fileType: FileType,
  content: Buffer | string,
  options: { parser?: DirectParseService; options?: ParseOptions; fileName?: string; signal?: AbortSignal } = {},
) {
  const path = join(folder, options.fileName ?? 'stored-without-extension')
  await writeFile(path, content)
  const signal = options.signal ?? new AbortController().signal
  const input = {
    documentId: 'd1',
    path,
    fileType,
    byteCount: Buffer.byteLength(content),
    options: options.options ?? {},
  }
  return (options.parser ?? parser).call(input, { signal })
}

async function stillServes() {
  assert.equal((await parse('text', 'good words')).output.pages[0]?.markdown, 'good words')
}

function compoundFile(streamName: string): Buffer {
  const bytes = Buffer.alloc(1536)
  bytes.write('d0cf11e0a1b11ae1', 'hex')
  bytes.write(streamName, 1024, 'utf16le')
  return bytes
}

function bomb(claimedBytes: number | undefined, mainPart = 'word/document.xml'): Buffer {
  const content = Buffer.alloc(20_000_000, ' ')
  return buildZip([{ name: mainPart, content, ...(claimedBytes === undefined ? {} : { claimedBytes }) }])
}
