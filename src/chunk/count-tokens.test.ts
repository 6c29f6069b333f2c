import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { get_encoding } from 'tiktoken'
import { createTokenCounter } from './count-tokens.ts'

const counter = createTokenCounter()
const oracle = get_encoding('cl100k_base')
after(() => oracle.free())

function expected(text: string): number {
  return oracle.encode(text, [], []).length
}

const fixedCases = [
  '',
  'hello world',
  '<|endoftext|>',
  'a <|endoftext|> b <|fim_prefix|>',
  '\ufeff',
  '\ufeffHello',
  ' \ufeff \ufeff\n',
  '\ud800',
  'a\udc00b\ud83d',
  '\ud83d\ud83d\ude00\ude00',
  "it's IT'S we'LL they'Re 'ſ 'x '",
  "don''t ('s) \t's",
  "x'Sam 'ſam 'LLama 'Realm 'mend 'vex",
  'a   b\t\tc \n\n  \r\n x \n ',
  '   ',
  '1234567 ½²Ⅷ ١٢٣٤',
  'Straße ǅ İstanbul naïve e\u0301\u0301',
  '漢字かな交じり文、한국어 텍스트。',
  '👩‍👩‍👧🇩🇪🏳️‍🌈',
  '\u0085\u00a0\u2028\u3000x',
  '...\n\n...!?\r\n',
  ' /* x */ foo(bar, "baz");\n\t}\n',
  '\u088f\u{10940}\u{16ff4}',
  'https://example.org/a_b-c?d=%20&e=f#g',
]

test('counts what tiktoken counts: fixed cases', () => {
  for (const text of fixedCases) assert.equal(counter.count(text), expected(text), JSON.stringify(text))
})

const nastyUnit = fc.oneof(
  fc.constantFrom(' ', '  ', '\n', '\r', '\t', '\u0085', '\u00a0', '\u2028', '\ufeff', '\u200d', '\u0301'),
  fc.constantFrom("'", 's', 'S', 'ſ', 'll', 'RE', 'K', 'd', '.', '-', '(', '_', '\ud800', '\udc00', '<|endoftext|>'),
  fc.constantFrom('the', ' quick', 'é', 'ß', '漢', '字', '😀', '1', '23', '½', '\u{10400}', '\u{16ff4}'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
)

test('counts what tiktoken counts: any text', () => {
  const nasty = fc.array(nastyUnit, { maxLength: 40 }).map(units => units.join(''))
  const texts = fc.oneof(
    nasty,
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  )
  fc.assert(
    fc.property(texts, text => assert.equal(counter.count(text), expected(text))),
    { numRuns: 5000 },
  )
})

test('counts a range as a text of its own', () => {
  fc.assert(
    fc.property(
      fc.array(nastyUnit, { maxLength: 8 }),
      fc.array(nastyUnit, { maxLength: 20 }),
      nastyUnit,
      (before, units, after) => {
        const [start, middle] = [before.join(''), units.join('').replace(/^[\udc00-\udfff]+|[\ud800-\udbff]+$/g, '')]
        const text = `${start} ${middle} ${after}`
        assert.equal(counter.count(text, start.length + 1, start.length + 1 + middle.length), expected(middle))
      },
    ),
    { numRuns: 2000 },
  )
})

test('fit gives a prefix within the limit that more text would pass', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom('a'.repeat(500), '漢字'.repeat(90), 'ab c '.repeat(60)),
  )
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, limit) => {
      const end = counter.fit(text, 0, text.length, limit)
      assert.ok(expected(text.slice(0, end)) <= limit + 1)
      if (end < text.length) assert.ok(expected(text) > limit, 'the whole text fits')
      if (limit >= 4 && text !== '') assert.ok(end > 0, 'nothing fits')
    }),
    { numRuns: 1000 },
  )
})

test('stays exact when the cache of pieces has been dropped several times', () => {
  const fresh = createTokenCounter()
  const words = Array.from({ length: 200_000 }, (_, index) =>
    ` zq${(index * 2_654_435_761) % 4_294_967_296}xk`.replace(/\d/g, digit => 'bcdfghjkmp'[Number(digit)] ?? ''),
  )
  for (const word of words) fresh.count(word)
  for (const word of words.filter((_, index) => index % 1000 === 0)) assert.equal(fresh.count(word), expected(word))
})

test('a piece of 50 KB counts in less than 200 ms', () => {
  counter.count('warm up')
  const han = Array.from({ length: 17_000 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)))
  const pieces = {
    letter: 'a'.repeat(50_000),
    spaces: ' '.repeat(50_000),
    hanOne: '漢'.repeat(17_000),
    han: han.join(''),
  }
  for (const [name, text] of Object.entries(pieces)) {
    const best = Math.min(...[1, 2, 3].map(() => elapsedMs(() => createTokenCounter().count(text))))
    assert.ok(best < 200, `${name}: ${best} ms`)
  }
  // short parts of the same, so that the oracle can follow
  for (const text of Object.values(pieces))
    assert.equal(counter.count(text.slice(0, 900)), expected(text.slice(0, 900)))
  // runs of one character are as many times the tokens of a run that ends with a token
  assert.equal(counter.count(pieces.letter), 6250)
  assert.equal(counter.count(pieces.letter), (50_000 / 800) * expected('a'.repeat(800)))
})

function elapsedMs(act: () => void): number {
  const start = performance.now()
  act()
  return performance.now() - start
}
