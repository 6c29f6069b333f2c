import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCut } from './find-cut.ts'

const cases: [name: string, text: string, reach: number, end: number | null, kind: string | undefined][] = [
  ['the last sentence of the later half', 'One. Two three. Four five', 22, 15, 'sentence'],
  ['a word where the only sentence end is too early', 'One. Two three four five', 20, 19, 'word'],
  ['closing marks belong to their sentence', '(He said "no.") And', 18, 15, 'sentence'],
  ['CJK stops need no space', '漢字。漢字。漢字', 7, 6, 'sentence'],
  ['no cut inside of a surrogate pair', 'ab😀', 3, 2, 'character'],
  ['no cut inside of a grapheme', 'abe\u0301\u0302', 4, 2, 'character'],
  ['no white space is left before a grapheme', '漢      A\u0300b', 8, 1, 'character'],
  ['a grapheme that is too long is cut', `e${'\u0301'.repeat(200)}`, 100, 100, 'character'],
  ['nothing but white space', '   abc', 2, null, undefined],
]

for (const [name, text, reach, end, kind] of cases) {
  test(`where a chunk ends: ${name}`, () => {
    const cut = findCut(text, 0, reach)
    assert.deepEqual([cut?.end ?? null, cut?.kind], [end, kind])
  })
}
