export interface GeneratedDocument {
  fileName: string
  markdown: string
}

export type Random = (below: number) => number

const targetBytes = 20_000
const vocabularySize = 40_000

/**
 * `count` markdown documents of about 20 KB: sections of some paragraphs under nested headings, lists and tables, from 40,000
 * words of which a few are common and most are rare, as in prose. The same count and seed give the same bytes everywhere.
 */
export function* generateDocuments(count: number, seed = 1): Generator<GeneratedDocument> {
  const random = createRandom(seed)
  const word = createVocabulary(random)
  for (let i = 0; i < count; i++) {
    const title = words(word, 5)
    let markdown = `# ${title}\n\n`
    while (markdown.length < targetBytes) markdown += generateSection(random, word)
    yield { fileName: `${String(i).padStart(5, '0')}.md`, markdown }
  }
}

/** Queries of three to eight words of the same vocabulary, rare ones among them. */
export function generateQueries(count: number, seed = 1): string[] {
  const word = createVocabulary(createRandom(seed))
  const random = createRandom(seed + 1)
  return Array.from({ length: count }, () => words(word, 3 + random(6)))
}

/** A linear congruential generator; whole numbers from 0. */
export function createRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const common =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which'.split(
    ' ',
  )
const syllables =
  'an ber con dor el fin gra hol in jut kel lum mor nis ost pre qui ran sed tor ul vent wex yl zan tion ment ble cal'.split(
    ' ',
  )

function createVocabulary(random: Random): () => string {
  const rare = Array.from({ length: vocabularySize }, () =>
    Array.from({ length: 2 + random(3) }, () => syllables[random(syllables.length)]).join(''),
  )
  return () => {
    const kind = random(100)
    if (kind < 42) return common[random(common.length)] ?? ''
    if (kind < 45) return String(random(10_000))
    // The product of two draws makes some rare words far more frequent than others.
    return rare[Math.floor((random(10_000) * random(10_000) * rare.length) / 100_000_000)] ?? ''
  }
}

function words(word: () => string, count: number): string {
  return Array.from({ length: count }, word).join(' ')
}

function generateSection(random: Random, word: () => string): string {
  const blocks = Array.from({ length: 2 + random(4) }, () => generateBlock(random, word))
  return `${'#'.repeat(2 + random(2))} ${words(word, 3)}\n\n${blocks.join('\n\n')}\n\n`
}

function generateBlock(random: Random, word: () => string): string {
  const lines = (count: number, line: () => string) => Array.from({ length: count }, line).join('\n')
  const kind = random(10)
  if (kind === 0) {
    const row = () => `| ${words(word, 1)} | ${words(word, 3)} | ${random(1_000)} |`
    return `| ${words(word, 1)} | ${words(word, 1)} | ${words(word, 1)} |\n|---|---|---|\n${lines(8, row)}`
  }
  if (kind === 1) return lines(5, () => `- ${words(word, 12)}`)
  return Array.from({ length: 3 + random(4) }, () => `${words(word, 8 + random(14))}.`).join(' ')
}
