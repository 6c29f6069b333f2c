import { writeSync } from 'node:fs'
import { chunk } from '../src/chunk/chunk.ts'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { ParsedPage } from '../src/contract/page.ts'

interface Measurement {
  name: string
  value: number
  unit: string
  /** What the value is to keep: at least, or at most. */
  bound?: { atLeast: number } | { atMost: number }
}

/**
 * The speed of counting tokens once and of chunking, on 4 MB of mixed markdown in pages of about 4 KB, one core; cold is
 * a new counter, warm the same one again (best of three). And the times of 50 KB pieces that other tokenizers choke on.
 */
export async function benchChunker(): Promise<Measurement[]> {
  const settings = { maxTokens: 512, overlapTokens: 0 }
  const pages = generatePages(4_000_000)
  const megabytes = pages.reduce((sum, page) => sum + Buffer.byteLength(page.markdown), 0) / 1e6
  const loadMs = time(() => createTokenCounter().count('x'))
  // code that has never run is slow: other text, so that no piece is known
  for (const page of generatePages(1_000_000, 7)) chunk([page], settings, createTokenCounter())

  const countAll = (counter: ReturnType<typeof createTokenCounter>) => {
    for (const page of pages) counter.count(page.markdown)
  }
  const counter = createTokenCounter()
  const countCold = megabytes / (time(() => countAll(counter)) / 1000)
  const countWarm = megabytes / (best(() => countAll(counter)) / 1000)
  const chunker = createTokenCounter()
  const chunkCold = megabytes / (time(() => chunk(pages, settings, chunker)) / 1000)
  const chunkWarm = megabytes / (best(() => chunk(pages, settings, chunker)) / 1000)

  return [
    { name: 'token tables, loading', value: loadMs, unit: 'ms' },
    { name: 'count once, cold', value: countCold, unit: 'MB/s' },
    { name: 'count once, warm', value: countWarm, unit: 'MB/s' },
    { name: 'chunk, cold', value: chunkCold, unit: 'MB/s', bound: { atLeast: 4 } },
    { name: 'chunk, warm', value: chunkWarm, unit: 'MB/s', bound: { atLeast: 4 } },
    { name: 'chunk / count once, cold', value: chunkCold / countCold, unit: '×', bound: { atLeast: 0.5 } },
    { name: 'chunk / count once, warm', value: chunkWarm / countWarm, unit: '×', bound: { atLeast: 0.5 } },
    ...longPieces().map(([name, text]) => {
      const value = time(() => createTokenCounter().count(text))
      return { name: `count 50 KB of ${name}`, value, unit: 'ms', bound: { atMost: 200 } }
    }),
  ]
}

function longPieces(): [string, string][] {
  const han = Array.from({ length: 50_000 / 3 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)))
  return [
    ['one letter', 'a'.repeat(50_000)],
    ['spaces', ' '.repeat(50_000)],
    ['one Han character', '漢'.repeat(50_000 / 3)],
    ['mixed Han', han.join('')],
  ]
}

function time(act: () => unknown): number {
  const start = performance.now()
  act()
  return performance.now() - start
}

function best(act: () => unknown): number {
  return Math.min(time(act), time(act), time(act))
}

/** Pages with headings, prose in several scripts, lists, tables and code, made of some ten thousands of distinct words. */
function generatePages(charCount: number, seed = 1): ParsedPage[] {
  const random = createRandom(seed)
  const words = createVocabulary(random)
  const pages: ParsedPage[] = []
  for (let total = 0; total < charCount; ) {
    let markdown = ''
    while (markdown.length < 4000) markdown += `${generateBlock(random, words)}\n\n`
    total += markdown.length
    pages.push({ pageNumber: pages.length + 1, markdown })
  }
  return pages
}

type Random = (below: number) => number

/** A linear congruential generator, so that each run measures the same text. */
function createRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const syllables =
  'an ber con dor el fin gra hol in jut kel lum mor nis ost pre qui ran sed tor ul vent wex yl zan tion ing ed ly s'.split(
    ' ',
  )
const cyrillic = 'об ра бот ка до ку мен тов по иск век тор ных хра ни ли ще'.split(' ')
const greek = 'λο γος με τρο πο λη σις κα τα γρα φη'.split(' ')
const common =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which'.split(
    ' ',
  )

/** Half of the text is common words; the rest thins out over 30,000 others, as in real prose. */
function createVocabulary(random: Random): () => string {
  const rare = Array.from({ length: 30_000 }, (_, index) => {
    const parts = index % 11 === 0 ? cyrillic : index % 17 === 0 ? greek : syllables
    const word = Array.from({ length: 2 + random(3) }, () => parts[random(parts.length)]).join('')
    return index % 9 === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word
  })
  const pick = (list: readonly string[], index: number) => list[index] ?? ''
  return () => {
    const kind = random(100)
    if (kind < 45) return pick(common, random(common.length))
    if (kind < 48) return String(random(100_000))
    if (kind < 50) return String.fromCharCode(...Array.from({ length: 4 }, () => 0x4e00 + random(3000)))
    return pick(rare, Math.floor((random(1000) * random(1000) * rare.length) / 1_000_000))
  }
}

function generateBlock(random: Random, word: () => string): string {
  const words = (count: number) => Array.from({ length: count }, word)
  const lines = (count: number, line: () => string) => Array.from({ length: count }, line).join('\n')
  const kind = random(12)
  if (kind < 2) return `${'#'.repeat(1 + random(4))} ${words(4).join(' ')}`
  if (kind === 2)
    return `| ${words(4).join(' | ')} |\n|---|---|---|---|\n${lines(9, () => `| ${words(4).join(' | ')} |`)}`
  if (kind === 3) return `\`\`\`ts\n${lines(8, () => `  const ${word()} = ${word()}(${word()}, '${word()}')`)}\n\`\`\``
  if (kind === 4) return lines(5, () => `- ${words(12).join(' ')}`)
  return Array.from({ length: 3 + random(5) }, () => `${words(8 + random(14)).join(' ')}.`).join(' ')
}

if (import.meta.main) {
  for (const { name, value, unit, bound } of await benchChunker()) {
    const limit =
      bound === undefined ? '' : 'atLeast' in bound ? `  (at least ${bound.atLeast})` : `  (at most ${bound.atMost})`
    writeSync(1, `${name.padEnd(36)}${value.toFixed(2).padStart(9)} ${unit}${limit}\n`)
  }
}
