import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tiktoken } from 'tiktoken'
import { blank, digit, letter, loadUnicodeClasses, newline } from './unicode-classes.ts'

/** An encoding with one token a byte keeps only the text that its pattern matches: this asks tiktoken's own regex. */
function charactersThatMatch(pattern: string): Set<number> {
  const bytes = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte).toString('base64')).join(' ')
  const encoding = new Tiktoken(`! 0 ${bytes}`, {}, pattern)
  const found = new Set<number>()
  for (let base = 0; base < 0x110000; base += 0x1000) {
    const points = Array.from({ length: 0x1000 }, (_, index) => base + index).filter(
      point => point < 0xd800 || point > 0xdfff,
    )
    const matched = Buffer.from(encoding.encode(points.map(point => String.fromCodePoint(point)).join(''), [], []))
    for (const character of matched.toString()) found.add(character.codePointAt(0) ?? 0)
  }
  encoding.free()
  return found
}

for (const [pattern, wanted] of [
  ['\\p{L}', [letter]],
  ['\\p{N}', [digit]],
  ['\\s', [blank, newline]],
  ['[\\r\\n]', [newline]],
] as const) {
  test(`every code point is of the class that tiktoken gives it: ${pattern}`, () => {
    const expected = charactersThatMatch(pattern)
    assert.ok(expected.size > 1)
    const classes = loadUnicodeClasses()
    const wrong = Array.from(classes.keys()).filter(point => {
      return expected.has(point) !== (wanted as readonly number[]).includes(classes[point] ?? -1)
    })
    assert.deepEqual(
      wrong.map(point => point.toString(16)),
      [],
    )
  })
}
