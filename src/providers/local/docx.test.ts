import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDocx, paragraph } from './__fixtures__/build-office.ts'
import { parseDocx } from './docx.ts'

const limits = { path: '', fileType: 'docx', maxUnpackedBytes: 1e7, maxTextBytes: 1e6, ocr: null } as const
const cell = (...texts: string[]) => `<w:tc>${texts.map(text => paragraph(text)).join('')}</w:tc>`

test('numbered headings, lists and tables become markdown', async () => {
  const body = [
    paragraph('Scope', { style: 'Heading1', numbered: true }),
    paragraph('A snake_case word and 2*3*4.'),
    paragraph('Detail', { style: 'Heading2' }),
    paragraph('first', { numbered: true }),
    paragraph('second', { numbered: true }),
    `<w:tbl><w:tr>${cell('Name')}${cell('a|b')}</w:tr><w:tr>${cell('')}${cell('two', 'lines')}</w:tr></w:tbl>`,
    paragraph('# no heading'),
  ]
  assert.equal(
    await markdownOf(buildDocx(body.join(''))),
    [
      '# Scope',
      'A snake_case word and 2*3*4.',
      '## Detail',
      '1. first\n2. second',
      '| Name | a\\|b |\n| --- | --- |\n|  | two lines |',
      '\\# no heading',
    ].join('\n\n'),
  )
})

test('an entity bomb stays the few bytes that it is', async () => {
  const levels = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`)
  const prolog = `<!DOCTYPE d [<!ENTITY e0 "${'boom'.repeat(10)}">${levels.join('')}]>`
  const parsed = await markdownOf(buildDocx(paragraph('&e20; after'), [], prolog)).catch(error => error.code)
  assert.ok(parsed === 'document_corrupt' || parsed.length < 100, parsed.slice(0, 200))
})

async function markdownOf(bytes: Buffer): Promise<string> {
  return (await parseDocx(bytes, limits)).pages.map(page => page.markdown).join()
}
