import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripRunningLines } from './running-lines.ts'

test('a header, a footer and the page number below it are dropped', () => {
  const pages = pagesOf(
    n => `Water Works — Report\n\n# Part ${n}\n\nBody ${'abcdef'[n]}.\n\nConfidential\n\nPage ${n} of 5`,
  )
  assert.deepEqual(
    stripRunningLines(pages),
    pagesOf(n => `# Part ${n}\n\nBody ${'abcdef'[n]}.`),
  )
})

test('headings, tables, code and long paragraphs stay, however alike they are', () => {
  const pages = pagesOf(() => `# Same\n\n${'long '.repeat(40)}\n\n| a |\n| --- |`)
  assert.deepEqual(stripRunningLines(pages), pages)
})

test('lines that differ, and pages of one block, stay', () => {
  const pages = pagesOf(n => `${'abcdef'[n]} first\n\nmiddle\n\nlast ${'abcdef'[n]}`)
  assert.deepEqual(stripRunningLines(pages), pages)
  const single = pagesOf(() => 'the same sentence')
  assert.deepEqual(stripRunningLines(single), single)
})

test('a total at the foot of each page stays, and so does a line that is all that a heading has', () => {
  const totals = pagesOf(n => `Invoice\n\nwork ${'abcdef'[n]}\n\nTotal ${(n * 37) % 11}0 EUR`)
  assert.deepEqual(
    stripRunningLines(totals),
    pagesOf(n => `work ${'abcdef'[n]}\n\nTotal ${(n * 37) % 11}0 EUR`),
  )
  const forms = pagesOf(n => `# Form ${n}\n\nSee chapter ${n}.`)
  assert.deepEqual(stripRunningLines(forms), forms)
})

test('two pages are too few to tell', () => {
  const pages = pagesOf(() => 'Header\n\ntext').slice(0, 2)
  assert.deepEqual(stripRunningLines(pages), pages)
})

function pagesOf(markdown: (n: number) => string) {
  return Array.from({ length: 5 }, (_, i) => ({ pageNumber: i + 1, markdown: markdown(i + 1) }))
}
