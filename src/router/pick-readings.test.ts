import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { measureMarkdown } from '../contract/measure-markdown.ts'
import type { PageTraits } from '../contract/page-traits.ts'
import { checkParseQuality } from './check-parse-quality.ts'
import { pickReadings } from './pick-readings.ts'

const table = '| Well | Depth |\n| --- | --- |\n| North | 31 m |\n| South | 44 m |'
const plain = 'Well Depth North 31 m South 44 m'
const garbled = '\uFFFD\uFFFD\uFFFD a'
const worse = '\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD a'

/** Pages under their numbers from 1 on; null: the provider gave none. */
function pagesOf(markdowns: readonly (string | null)[]) {
  return markdowns.flatMap((markdown, i) => (markdown === null ? [] : [{ pageNumber: i + 1, markdown }]))
}

function pick(first: readonly (string | null)[], second: readonly (string | null)[]) {
  const traits = first.map(
    (_, i): PageTraits => ({ pageNumber: i + 1, ...measureMarkdown(table), picture: false, wasRead: 'text' }),
  )
  const pages = pagesOf(first)
  const faults = checkParseQuality(pages, traits)
  return { ...pickReadings(pages, faults, pagesOf(second), traits), before: faults, traits }
}

test('the better of two readings stays', () => {
  const chosen = (first: string | null, second: string | null) => pick([first], [second]).pages[0]?.markdown
  assert.equal(chosen(plain, table), table)
  assert.equal(chosen('', plain), plain, 'text without its table is better than nothing')
  assert.equal(chosen(plain, ''), plain)
  assert.equal(chosen(plain, garbled), plain)
  assert.equal(chosen(plain, null), plain)
  assert.equal(chosen(garbled, worse), garbled)
  assert.equal(chosen(worse, garbled), garbled)
  assert.equal(chosen('Well', plain), plain, 'of two that lack the same, the one of the better tier')
  assert.equal(chosen(null, table), table)
  assert.equal(chosen(null, plain), undefined, 'what this machine has read stands before a reading with a fault')
})

test('whatever comes back: good pages are as they were, no page is lost, and nothing gets worse', () => {
  const reading = fc.constantFrom(table, plain, '', garbled, worse, 'text', null)
  fc.assert(
    fc.property(fc.array(fc.tuple(reading, reading), { minLength: 1, maxLength: 8 }), both => {
      const first = both.map(([one]) => one)
      const { pages, faults, taken, before, traits } = pick(
        first,
        both.map(([, two]) => two),
      )
      const numbers = pages.map(page => page.pageNumber)
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      )
      for (const { pageNumber, markdown } of pagesOf(first)) {
        const now = pages.find(page => page.pageNumber === pageNumber)
        assert.ok(now)
        if (!before.some(fault => fault.pageNumber === pageNumber)) assert.equal(now.markdown, markdown)
        if (!taken.includes(pageNumber)) assert.equal(now.markdown, markdown)
      }
      assert.deepEqual(checkParseQuality(pages, traits), faults)
      for (const fault of faults) {
        const was = before.find(one => one.pageNumber === fault.pageNumber)
        assert.ok(was && fault.severity <= was.severity)
      }
    }),
  )
})
