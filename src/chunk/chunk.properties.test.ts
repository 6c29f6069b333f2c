import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { get_encoding } from 'tiktoken'
import type { Chunk } from '../contract/chunk.ts'
import type { ParsedPage } from '../contract/page.ts'
import { chunk } from './chunk.ts'
import { createTokenCounter } from './count-tokens.ts'

const counter = createTokenCounter()
const oracle = get_encoding('cl100k_base')
after(() => oracle.free())

const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('the', 'ledger', 'Zwölf', "it's", 'snake_case', 'обработка', '42,195', 'e.g.'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '漢字かな交じり文。',
      '😀👩‍👩‍👧',
      '<|endoftext|>',
      '\ufeff',
      '\ud800',
      'é\u0301\u0301',
      '(a).',
      '\u0085',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.nat({ max: 400 }).map(n => 'x'.repeat(n + 1)) },
)
const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map(words => `${words.join(' ')}.`)
const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), word)
  .map(([level, title]) => `${'#'.repeat(level)} ${title.slice(0, 20)}`)
const setext = fc.tuple(word, fc.constantFrom('===', '---')).map(([title, line]) => `T${title.slice(0, 20)}\n${line}`)
const row = fc.array(word, { minLength: 2, maxLength: 4 }).map(cells => `| ${cells.join(' | ')} |`)
const table = fc.array(row, { minLength: 1, maxLength: 8 }).map(rows => ['| a | b |', '|---|:-:|', ...rows].join('\n'))
const code = fc
  .array(sentence, { maxLength: 8 })
  .map(lines => ['```ts', ...lines.map(line => `  # ${line}`), '```'].join('\n'))
const list = fc.array(sentence, { minLength: 1, maxLength: 6 }).map(items => items.map(item => `- ${item}`).join('\n'))
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 8 }).map(sentences => sentences.join(' '))
const gap = fc.constantFrom('\n\n', '\n', '\r\n\r\n', '\n \t\n\n')
const block = fc.oneof(heading, heading, setext, table, code, list, paragraph, paragraph)
const markdown = fc.array(fc.tuple(block, gap), { maxLength: 14 }).map(parts => parts.flat().join(''))
const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
)
const anyPages = fc
  .array(fc.oneof({ weight: 4, arbitrary: markdown }, { weight: 1, arbitrary: nastyText }), { maxLength: 4 })
  .map(texts => texts.map((text, index) => ({ pageNumber: index + 1, markdown: text })))
const anySettings = fc
  .record({ maxTokens: fc.integer({ min: 16, max: 160 }), overlapTokens: fc.integer({ min: 0, max: 80 }) })
  .map(({ maxTokens, overlapTokens }) => ({ maxTokens, overlapTokens: Math.min(overlapTokens, maxTokens >> 1) }))

const runs = { numRuns: 250 }

test('I33: no chunk of any document has more tokens than the limit, by the count of tiktoken', () => {
  fc.assert(
    fc.property(anyPages, anySettings, (pages, settings) => {
      for (const { text, tokenCount } of chunk(pages, settings, counter)) {
        assert.equal(tokenCount, oracle.encode(text, [], []).length)
        assert.ok(tokenCount <= settings.maxTokens, `${tokenCount} tokens`)
      }
    }),
    runs,
  )
})

test('a chunk is the slice of its page that its offsets say, without white space at its end', () => {
  fc.assert(
    fc.property(anyPages, anySettings, (pages, settings) => {
      const chunks = chunk(pages, settings, counter)
      chunks.forEach((each, index) => {
        assert.equal(each.ordinal, index)
        assert.equal(each.text, markdownOf(pages, each).slice(each.start, each.end))
        assert.equal(each.text, each.text.replace(/[\s\u0085]+$/, ''))
        assert.notEqual(each.text, '')
      })
    }),
    runs,
  )
})

test('without overlap the chunks cover all text of all pages once and in order', () => {
  fc.assert(
    fc.property(anyPages, anySettings, (pages, { maxTokens }) => {
      const chunks = chunk(pages, { maxTokens, overlapTokens: 0 }, counter)
      for (const { pageNumber, markdown } of pages) {
        let at = 0
        for (const { start, end } of chunks.filter(each => each.pageNumber === pageNumber)) {
          assert.ok(start >= at, 'chunks overlap')
          assert.match(markdown.slice(at, start), /^[\s\u0085]*$/)
          at = end
        }
        assert.match(markdown.slice(at), /^[\s\u0085]*$/)
      }
      const order = chunks.map(each => each.pageNumber)
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      )
    }),
    runs,
  )
})

test('with overlap a chunk starts inside of the one before it, by at most so many tokens, and no text is lost', () => {
  let overlaps = 0
  fc.assert(
    fc.property(anyPages, anySettings, (pages, settings) => {
      const chunks = chunk(pages, settings, counter)
      chunks.forEach((each, index) => {
        const previous = chunks[index - 1]
        const isOnSamePage = previous?.pageNumber === each.pageNumber
        const markdown = markdownOf(pages, each)
        assert.match(
          markdown.slice(isOnSamePage ? previous.end : 0, Math.max(each.start, isOnSamePage ? previous.end : 0)),
          /^[\s\u0085]*$/,
        )
        if (!isOnSamePage || each.start >= previous.end) return
        overlaps++
        assert.ok(each.start > previous.start && each.end > previous.end)
        assert.deepEqual(each.headingPath, previous.headingPath)
        const shared = markdown.slice(each.start, previous.end)
        assert.ok(oracle.encode(shared, [], []).length <= settings.overlapTokens)
      })
    }),
    runs,
  )
  assert.ok(overlaps > 100, `only ${overlaps} overlaps were tested`)
})

test('the same pages give the same chunks, also from a counter that has counted before', () => {
  fc.assert(
    fc.property(anyPages, anySettings, (pages, settings) => {
      assert.deepEqual(chunk(pages, settings, counter), chunk(pages, settings, createTokenCounter()))
    }),
    { numRuns: 50 },
  )
})

test('I33: no chunk is only headings, unless its page is', () => {
  const shortHeading = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 99 }))
    .map(([level, n]) => `${'#'.repeat(level)} Part ${n}`)
  const body = fc.oneof(table, code, list, paragraph)
  const blocks = fc.array(fc.tuple(fc.oneof(shortHeading, body), fc.constant('\n\n')), { maxLength: 14 })
  const pages = fc.array(
    blocks.map(parts => parts.flat().join('')),
    { maxLength: 4 },
  )
  const isHeadings = (text: string) => text.split('\n').every(line => /^(#{1,6} Part \d+)?$/.test(line))
  fc.assert(
    fc.property(pages, fc.integer({ min: 128, max: 256 }), (texts, maxTokens) => {
      const document = texts.map((text, index) => ({ pageNumber: index + 1, markdown: text }))
      for (const each of chunk(document, { maxTokens, overlapTokens: 0 }, counter)) {
        if (isHeadings(each.text)) assert.ok(isHeadings(markdownOf(document, each)), each.text)
      }
    }),
    runs,
  )
})

test('a heading between two texts starts a chunk, and the text under it has its path', () => {
  const texts = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), paragraph), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(texts, sections => {
      const markdown = sections.map(([level, text], n) => `${'#'.repeat(level)} Part ${n}\n\n${text}`).join('\n\n')
      const chunks = chunk([{ pageNumber: 1, markdown }], { maxTokens: 512, overlapTokens: 0 }, counter)
      sections.forEach((_, n) => {
        const at = markdown.search(new RegExp(`^#+ Part ${n}$`, 'm'))
        const own = chunks.find(each => each.start === at)
        assert.equal(own?.headingPath.at(-1), `Part ${n}`)
      })
    }),
    runs,
  )
})

function markdownOf(pages: readonly ParsedPage[], { pageNumber }: Chunk): string {
  return pages.find(page => page.pageNumber === pageNumber)?.markdown ?? ''
}
