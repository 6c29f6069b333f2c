import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { FailureCode } from '../src/contract/failure.ts'
import { buildDocx, buildXlsx, paragraph } from '../src/providers/local/__fixtures__/build-office.ts'
import { buildPdf } from '../src/providers/local/__fixtures__/build-pdf.ts'
import { buildZip } from '../src/providers/local/__fixtures__/build-zip.ts'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'

const fixtures = new URL('../src/providers/local/__fixtures__/', import.meta.url)
const pdf = buildPdf([
  ['# One', 'the first page'],
  ['# Two', 'the second page'],
])
const limits = {
  SLUICE_OCR: 'off',
  SLUICE_MAX_UNPACKED_BYTES: '5000000',
  SLUICE_MAX_TEXT_BYTES: '1000000',
  SLUICE_PARSE_TIMEOUT_MS: '20000',
}
const boundMs = 30_000

const cases: [name: string, bytes: Buffer | string, code: FailureCode, says: RegExp][] = [
  ['encrypted.pdf', readFileSync(new URL('encrypted.pdf', fixtures)), 'document_encrypted', /password/i],
  ['scanned.pdf', readFileSync(new URL('scanned.pdf', fixtures)), 'document_scanned', /OCR|Tesseract/],
  ['truncated.pdf', pdf.subarray(0, pdf.length * 0.6), 'document_corrupt', /damaged|cut short/],
  ['noise.pdf', `%PDF-1.7\n${'?'.repeat(5_000)}\n%%EOF`, 'document_corrupt', /damaged|cut short/],
  ['blank.pdf', buildPdf([[], []]), 'document_without_text', /content/],
  ['broken-xml.docx', buildDocx('<w:p><w:r></w:p>'), 'document_corrupt', /damaged/],
  ['lying-bomb.docx', bomb('word/document.xml', 10), 'document_expands_too_much', /SLUICE_MAX_UNPACKED_BYTES/],
  ['honest-bomb.xlsx', bomb('xl/workbook.xml'), 'document_expands_too_much', /SLUICE_MAX_UNPACKED_BYTES/],
  ['empty-sheets.xlsx', buildXlsx([{ name: 'a', rows: '' }]), 'document_without_text', /content/],
  ['endless.txt', 'words '.repeat(170_000), 'parse_output_too_large', /SLUICE_MAX_TEXT_BYTES/],
]

onBothDatabases('bad documents', createPlace => {
  const sluice = useSluice(createPlace, limits)

  for (const [name, bytes, code, says] of cases) {
    test(`${name} fails with ${code} and says what to do`, { timeout: boundMs }, async () => {
      const { job, live, documentId } = await sluice().ingest(name, bytes)
      assert.equal(job.state, 'failed')
      assert.equal(job.error?.code, code, job.error?.message ?? '')
      assert.match(job.error.action, says)
      assert.match(job.error.message, new RegExp(documentId), 'the message names the document')
      assert.equal(live, null)
    })
  }

  test('the server goes on: good documents of the same kinds are read', async () => {
    const good: [string, Buffer | string][] = [
      ['good.pdf', pdf],
      ['good.docx', buildDocx(paragraph('a good letter'))],
      ['good.xlsx', buildXlsx([{ name: 'a', rows: '<row><c><v>7</v></c></row>' }])],
      ['good.txt', 'good words'],
    ]
    for (const [name, bytes] of good) {
      const { job } = await sluice().ingest(name, bytes)
      assert.equal(job.state, 'succeeded', job.error?.message ?? name)
    }
    assert.equal((await fetch(`${sluice().server.url}/readyz`)).status, 200)
  })
})

/** A small file that unpacks to 20 MB; `claimedBytes` is what its headers say instead. */
function bomb(mainPart: string, claimedBytes?: number): Buffer {
  const content = Buffer.alloc(20_000_000, ' ')
  const parts = [{ name: '[Content_Types].xml', content: '<Types/>' }]
  return buildZip([...parts, { name: mainPart, content, ...(claimedBytes === undefined ? {} : { claimedBytes }) }])
}
