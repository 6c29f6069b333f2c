import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { measureMarkdown } from '../contract/measure-markdown.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import { checkParseQuality } from './check-parse-quality.ts'
import { judgePage } from './judge-page.ts'

const table = '# Wells\n\n| Well | Depth |\n| --- | --- |\n| North | 31 m |\n| South | 44 m |'
const prose = 'Der Brunnen wurde geprüft. Voilà, très bien: `const x = 4 / 2` und 12,5 % mehr.'

function traitsOf(markdown: string, more: Partial<PageTraits> = {}): PageTraits {
  return { pageNumber: 1, ...measureMarkdown(markdown), picture: false, wasRead: 'text', ...more }
}

test('pages are told apart by what was measured', () => {
  assert.equal(judgePage(traitsOf(prose)), 'simple')
  assert.equal(judgePage(traitsOf(table)), 'tables')
  assert.equal(judgePage(traitsOf(`${prose.repeat(20)}\n${table}`)), 'simple')
  assert.equal(judgePage(traitsOf('')), 'empty')
  assert.equal(judgePage(traitsOf('\uFFFD\uFFFD\uE001 (cid:12)(cid:7) text')), 'garbled')
  assert.equal(judgePage(traitsOf('', { picture: true, wasRead: 'not' })), 'unread')
  assert.equal(judgePage(traitsOf(prose, { picture: true, wasRead: 'ocr' })), 'scanned')
})

test('what a provider has lost is named', () => {
  const faultsOf = (markdown: string | null, trait = traitsOf(table)) =>
    checkParseQuality(markdown === null ? [] : [{ pageNumber: 1, markdown }], [trait]).map(f => f.fault)
  assert.deepEqual(faultsOf(table), [])
  assert.deepEqual(faultsOf(null), ['missing'])
  assert.deepEqual(faultsOf(' \n'), ['empty'])
  assert.deepEqual(faultsOf('North 31 m South 44 m'), ['table_lost'])
  assert.deepEqual(faultsOf('<table><tr><td>North</td></tr></table>'), [])
  assert.deepEqual(faultsOf('\uFFFD\uFFFD\uFFFD a', traitsOf(prose)), ['garbled'])
  assert.deepEqual(faultsOf('', traitsOf('')), [])
})

test('what equals the reading of this machine has no fault, unless it is garbled itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), markdown => {
      const trait = traitsOf(markdown)
      const faults = checkParseQuality([{ pageNumber: 1, markdown }], [trait])
      assert.deepEqual(
        faults.map(f => f.fault),
        judgePage(trait) === 'garbled' ? ['garbled'] : [],
      )
    }),
  )
})
