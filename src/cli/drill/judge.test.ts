import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DrillFacts } from './facts.ts'
import { type Happenings, isClean, judge, type Need } from './judge.ts'

const document = { fileName: 'a.md', state: 'succeeded', live: true, provisional: false, standIn: false }
const well: DrillFacts = {
  documents: [
    { ...document, sha256: 'a' },
    { ...document, sha256: 'b' },
  ],
  charged: { parse: 100n, embed: 10n },
  booked: { parse: 100n, embed: 10n },
  heldNanoUsd: 0n,
  parseJobs: 2,
  overrunNanoUsd: 0n,
}
const need: Need = { documents: 2, parseJobs: 2, parseNanoUsd: 100n, chargedNanoUsd: 110n, durationMs: 1_000 }
const nothing: Happenings = { aboveCapNanoUsd: 0n, boughtAgainNanoUsd: 0n }
const clean = judge(well, need, new Set(['a', 'b']), nothing)

const found = (changed: Partial<DrillFacts>, happened: Partial<Happenings> = {}) => {
  const findings = judge({ ...well, ...changed }, need, new Set(['a', 'b']), { ...nothing, ...happened })
  return Object.entries(findings).filter(([name, value]) => value !== clean[name as keyof typeof clean])
}

test('what is as it should be has no findings', () => {
  assert.equal(isClean(clean), true)
  assert.deepEqual(found({}), [])
})

test('each thing that is not as it should be is found, and nothing else is', () => {
  const [a, b] = well.documents
  assert.ok(a && b)
  assert.deepEqual(found({ documents: [a] }), [['lost', 1]])
  assert.deepEqual(found({ documents: [a, { ...b, live: false }] }), [['lost', 1]])
  assert.deepEqual(found({ documents: [a, b, b] }), [['duplicated', 1]])
  assert.deepEqual(found({ parseJobs: 4 }), [['duplicated', 2]])
  assert.deepEqual(found({ overrunNanoUsd: 3n }), [['overspentNanoUsd', 3n]])
  assert.deepEqual(found({}, { aboveCapNanoUsd: 4n }), [['overspentNanoUsd', 4n]])
  assert.deepEqual(found({ heldNanoUsd: 5n }), [['leakedNanoUsd', 5n]])
  assert.deepEqual(found({ booked: { parse: 90n, embed: 20n } }), [['unexplainedNanoUsd', 20n]])
  assert.deepEqual(found({ documents: [a, { ...b, provisional: true }] }), [['standIns', 1]])
  assert.deepEqual(found({ documents: [a, { ...b, standIn: true }] }), [['standIns', 1]])
})

test('what is paid twice is found, but what the operator has decided to buy again is not', () => {
  const twice = { charged: { parse: 100n, embed: 20n }, booked: { parse: 100n, embed: 20n } }
  assert.deepEqual(found(twice), [['paidTwiceNanoUsd', 10n]])
  assert.deepEqual(found(twice, { boughtAgainNanoUsd: 10n }), [])
  assert.equal(isClean(judge({ ...well, ...twice }, need, new Set(['a']), nothing)), false)
})
