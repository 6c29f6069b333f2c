import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { buildPdf } from './__fixtures__/build-pdf.ts'
import { parsePdf } from './pdf.ts'
import { findTessdata } from './tessdata.fs.ts'

const limits = { path: '', fileType: 'pdf', maxUnpackedBytes: 1e8, maxTextBytes: 1e7, ocr: null } as const
const prose = Array.from({ length: 8 }, () => 'The pump house by the river has fed the town since the dam was built.')
const tessdata = await findTessdata('eng')
const scanned = await readFile(new URL('./__fixtures__/scanned.pdf', import.meta.url))

test('pages keep their numbers and headings; a blank page stays a page', async () => {
  const { pages, notes } = await parsePdf(
    buildPdf([['# Alpha station', ...prose], [], ['# Gamma station', ...prose]]),
    limits,
  )
  assert.deepEqual(
    pages.map(page => [page.pageNumber, page.markdown.split('\n')[0]]),
    [
      [1, '# Alpha station'],
      [2, ''],
      [3, '# Gamma station'],
    ],
  )
  assert.deepEqual(notes, [])
})

test('headings that stand at the same place on every page are kept', async () => {
  const { pages } = await parsePdf(
    buildPdf(Array.from({ length: 6 }, (_, i) => [`# Chapter ${i + 1}`, ...prose])),
    limits,
  )
  for (const [i, page] of pages.entries()) assert.match(page.markdown, new RegExp(`^# Chapter ${i + 1}\\n`))
})

test('pages that are pictures are read by OCR', { skip: tessdata === null && 'no Tesseract data' }, async () => {
  const { pages, notes } = await parsePdf(scanned, { ...limits, ocr: tessdata })
  assert.match(pages[0]?.markdown ?? '', /northern pump ran for nine hours/)
  assert.deepEqual(notes, ['Page 1 is a picture and was read by OCR.'])
})

test('a linearized PDF that is shorter than it says was cut short', async () => {
  const whole = buildPdf([['text']]).toString('latin1')
  const claim = (byteCount: number) => `%PDF-1.4\n9 0 obj << /Linearized 1 /L ${byteCount} >> endobj\n${whole.slice(9)}`
  await assert.rejects(parsePdf(Buffer.from(claim(99_999)), limits), {
    code: 'document_corrupt',
    message: /of 99999 bytes/,
  })
})
