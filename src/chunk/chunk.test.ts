import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import { chunk } from './chunk.ts'
import { createTokenCounter } from './count-tokens.ts'

const counter = createTokenCounter()

function chunkPages(markdowns: string[], settings: Partial<ChunkSettings> = {}): Chunk[] {
  const pages = markdowns.map((markdown, index) => ({ pageNumber: index + 1, markdown }))
  return chunk(pages, { maxTokens: 512, overlapTokens: 0, ...settings }, counter)
}

function texts(markdown: string, settings: Partial<ChunkSettings> = {}): string[] {
  return chunkPages([markdown], settings).map(each => each.text)
}

function prose(sentences: number, start = 0): string {
  return Array.from({ length: sentences }, (_, n) => `This is sentence ${start + n} of some prose.`).join(' ')
}

test('I33: a heading starts a chunk and its path is kept over page ends', () => {
  const chunks = chunkPages([
    'Before.\n\n# Guide #\n\nIntro.\n\n## [Install](x.md)\n\nRun it.\n\n### On **Linux**\n\nUse apt.',
    'More on Linux.\n\n## Use\n\nCall it.\n\n# Other\n\nEnd.',
  ])
  assert.deepEqual(
    chunks.map(({ pageNumber, headingPath, text }) => [pageNumber, headingPath.join(' > '), text]),
    [
      [1, '', 'Before.'],
      [1, 'Guide', '# Guide #\n\nIntro.'],
      [1, 'Guide > Install', '## [Install](x.md)\n\nRun it.'],
      [1, 'Guide > Install > On Linux', '### On **Linux**\n\nUse apt.'],
      [2, 'Guide > Install > On Linux', 'More on Linux.'],
      [2, 'Guide > Use', '## Use\n\nCall it.'],
      [2, 'Other', '# Other\n\nEnd.'],
    ],
  )
  assert.deepEqual(
    chunks.map(each => each.ordinal),
    [0, 1, 2, 3, 4, 5, 6],
  )
})

test('I33: a line of 2 MB becomes chunks within the limit', () => {
  const words = Array.from({ length: 330_000 }, (_, n) => `w${(n * 7919) % 9973}`)
    .join(' ')
    .slice(0, 2_000_000)
  for (const line of [words, 'x'.repeat(2_000_000), '漢'.repeat(200_000), `a${' '.repeat(2_000_000)}b`]) {
    const chunks = chunkPages([line])
    assert.ok(chunks.every(each => each.tokenCount <= 512 && each.text.length > 0))
    assert.equal(
      chunks
        .map(each => each.text)
        .join('')
        .replace(/ /g, ''),
      line.replace(/ /g, ''),
    )
    for (const { text, tokenCount } of chunks.slice(0, 20)) assert.equal(tokenCount, createTokenCounter().count(text))
  }
})

test('setext headings, closing marks, and what only looks like a heading', () => {
  const chunks = chunkPages([
    'Title\nof two lines\n===\nText.\n\nPart\n---\nMore.\n\n#hashtag\n\n    # code\n\n####### seven\n\n- item\n---\n\n\\# escaped\n\n#\nempty',
  ])
  assert.deepEqual(
    chunks.map(each => each.headingPath),
    [['Title of two lines'], ['Title of two lines', 'Part'], []],
  )
  assert.equal(chunks.at(-1)?.text, '#\nempty')
})

test('marks in code are no headings, and front matter is no heading', () => {
  const chunks = chunkPages([
    '---\ntitle: x\n---\n\n# A\n\n```sh\n# comment\n\n## more\n```\n\n~~~\n# b\n```\n~~~\nend',
  ])
  assert.deepEqual(
    chunks.map(each => each.headingPath),
    [[], ['A']],
  )
})

test('a code block in a list item may be indented', () => {
  const [only, ...others] = chunkPages(['1. Run\n\n    ```sh\n# not a heading\n    ```\n\n2. Stop'])
  assert.deepEqual(others, [])
  assert.deepEqual(only?.headingPath, [])
})

test('paragraphs and list items are packed together up to the limit', () => {
  const blocks = Array.from({ length: 12 }, (_, n) => (n % 2 ? `- item ${n}: ${prose(2)}` : prose(2, n)))
  const parts = texts(blocks.join('\n\n'), { maxTokens: 64 })
  assert.deepEqual(parts.join('\n\n'), blocks.join('\n\n'))
  assert.ok(parts.length < blocks.length)
  for (const [index, part] of parts.slice(1).entries()) {
    const nextBlock = part.split('\n\n')[0] ?? ''
    assert.ok(counter.count(`${parts[index]}\n\n${nextBlock}`) > 64, 'another block had fitted')
  }
})

test('a table stays whole where it fits and splits between rows where not', () => {
  const head = '| name | value |\n|---|---|'
  const rows = Array.from({ length: 20 }, (_, n) => `| row ${n} | ${n * 37} |`)
  const small = [head, ...rows.slice(0, 4)].join('\n')
  assert.ok(texts(`${prose(4)}\n\n${small}\n\n${prose(4)}`, { maxTokens: 64 }).includes(small))
  const parts = texts([head, ...rows].join('\n'), { maxTokens: 64 })
  assert.ok(parts.length > 1)
  assert.deepEqual(
    parts.flatMap(part => part.split('\n')),
    [...head.split('\n'), ...rows],
  )
})

test('a code block stays whole where it fits and splits between lines where not', () => {
  const lines = Array.from({ length: 20 }, (_, n) => `  const value${n} = compute(${n})`)
  const small = ['```ts', ...lines.slice(0, 4), '```'].join('\n')
  assert.ok(texts(`${prose(4)}\n${small}\n${prose(4)}`, { maxTokens: 64 }).includes(small))
  const whole = ['```ts', ...lines, '```']
  assert.deepEqual(
    texts(whole.join('\n'), { maxTokens: 64 }).flatMap(part => part.split('\n')),
    whole,
  )
})

test('a long paragraph splits between sentences, with or without spaces between them', () => {
  const latin = texts(prose(40), { maxTokens: 64 })
  assert.ok(latin.length > 1 && latin.every(part => /^This is .*prose\.$/.test(part)))
  const han = texts('這是一個沒有空格的長句子，用來檢查切分。'.repeat(40), { maxTokens: 64 })
  assert.ok(han.length > 1 && han.every(part => part.endsWith('。')))
})

test('text without sentences splits between words, and without words between graphemes', () => {
  const words = texts('alpha beta gamma delta '.repeat(60), { maxTokens: 32 })
  assert.ok(
    words.length > 1 && words.every(part => /^(alpha|beta|gamma|delta)( (alpha|beta|gamma|delta))*$/.test(part)),
  )
  const family = '👩‍👩‍👧'
  const graphemes = texts(family.repeat(40), { maxTokens: 64 })
  assert.ok(graphemes.length > 1 && graphemes.every(part => part.length % family.length === 0))
  const han = texts('漢字文書検索'.repeat(300))
  assert.ok(han.length > 1 && han.slice(0, -1).every(part => counter.count(part) > 500))
})

test('an indentation longer than a chunk is dropped, a shorter one is kept', () => {
  const [first, second, ...others] = texts(`# A\n\n    code\n\n# B\n${' \u2028'.repeat(90)}far right`, {
    maxTokens: 32,
  })
  assert.deepEqual([first, second?.replace(/[ \u2028]+/g, ' '), others], ['# A\n\n    code\n\n# B', 'far right', []])
})

test('a heading longer than a chunk is split, and its sections do not share text', () => {
  const title = 'a title of words that does not end '.repeat(8).trim()
  const chunks = chunkPages([`# ${title}\n\n## B\n\ntext`], { maxTokens: 32, overlapTokens: 8 })
  assert.ok(chunks.length > 2)
  assert.equal(
    chunks
      .map(each => each.text)
      .join(' ')
      .replace(/\s+/g, ' '),
    `# ${title} ## B text`,
  )
  assert.deepEqual(chunks.at(-1)?.headingPath, [title, 'B'])
})

test('a heading without text goes with the next heading, at the end of a page with the text before it', () => {
  assert.deepEqual(texts('# A\n## B\n\ntext'), ['# A\n## B\n\ntext'])
  const [first, second] = chunkPages(['# A\n\ntext\n\n## B', 'under B'])
  assert.deepEqual([first?.text, first?.headingPath], ['# A\n\ntext\n\n## B', ['A']])
  assert.deepEqual([second?.text, second?.headingPath], ['under B', ['A', 'B']])
})

test('a heading at the end of a page that does not fit takes the last text before it along', () => {
  const paragraphs = [prose(4), prose(2, 4)]
  const title = '## A title of quite a number of words that needs its room'
  const parts = texts(`${paragraphs.join('\n\n')}\n\n${title}`, { maxTokens: 64 })
  assert.deepEqual(parts, [paragraphs[0], `${paragraphs[1]}\n\n${title}`])
})

test('a page of headings is a chunk of headings', () => {
  const [first, second] = chunkPages(['# Part I', 'Text.'])
  assert.deepEqual([first?.text, first?.headingPath], ['# Part I', ['Part I']])
  assert.deepEqual([second?.text, second?.headingPath], ['Text.', ['Part I']])
})

test('an overlap begins at a paragraph or sentence, stays in its section, and keeps the limit', () => {
  const markdown = `# A\n\n${Array.from({ length: 8 }, (_, n) => prose(3, 3 * n)).join('\n\n')}\n\n# B\n\n${prose(30, 100)}`
  const chunks = chunkPages([markdown], { maxTokens: 96, overlapTokens: 32 })
  const overlapping = chunks.filter((each, index) => each.start < (chunks[index - 1]?.end ?? 0))
  assert.ok(overlapping.length >= 4)
  for (const each of overlapping) assert.match(each.text, /^This is sentence/)
  for (const [index, each] of chunks.entries()) {
    assert.ok(each.tokenCount <= 96)
    const shared = markdown.slice(each.start, Math.max(each.start, chunks[index - 1]?.end ?? 0))
    assert.ok(counter.count(shared) <= 32)
    if (each.text.startsWith('#')) assert.equal(shared, '')
  }
})

test('an overlap gives way to a block that needs the room', () => {
  const table = `| a | b |\n|---|---|\n${'| cell | cell |\n'.repeat(14)}`.trim()
  const settings = { maxTokens: counter.count(table) + 1, overlapTokens: 24 }
  assert.ok(texts(`${prose(6)}\n\n${table}`, settings).includes(table))
})

test('Windows line ends and a byte order mark do not hide headings', () => {
  const chunks = chunkPages(['\ufeff# A\r\n\r\nText.\r\n\r\nB\r\n===\r\nMore.\r\n'])
  assert.deepEqual(
    chunks.map(each => [each.start, each.headingPath, each.text]),
    [
      [1, ['A'], '# A\r\n\r\nText.'],
      [17, ['B'], 'B\r\n===\r\nMore.'],
    ],
  )
})

test('a document without text has no chunks', () => {
  for (const pages of [[], [''], [' \n\t\r\n\ufeff \u00a0', '\n']]) assert.deepEqual(chunkPages(pages), [])
})
