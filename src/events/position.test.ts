import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodePosition, encodePosition, whyLost } from './position.ts'
import { cutSnapshot, parseSnapshot, type Snapshot, snapshotText } from './snapshot.ts'

const snapshots = fc
  .tuple(fc.bigInt(1n, 1n << 62n), fc.uniqueArray(fc.bigInt(1n, 5_000n), { maxLength: 20 }))
  .map(
    ([end, before]): Snapshot => ({ end: end + 5_000n, running: before.map(n => end + 5_000n - n).toSorted(compare) }),
  )
const positions = fc.record(
  {
    seen: snapshots,
    page: fc.option(fc.record({ until: snapshots, after: fc.bigInt(0n, 1n << 62n) }, { noNullPrototype: true })),
  },
  { noNullPrototype: true },
)
const sees = ({ end, running }: Snapshot, transaction: bigint) => transaction < end && !running.includes(transaction)

test('an id gives back the position that it was made of', () => {
  fc.assert(
    fc.property(positions, position => {
      assert.deepEqual(decodePosition(encodePosition('1f2e3d4c', position)), { stream: '1f2e3d4c', position })
    }),
  )
})

test('no other text is taken for an id', () => {
  const texts = [
    '',
    'x',
    'x.',
    'x.1-',
    'x.10-0',
    'x.10-3-4',
    'x.10-11',
    'x.A',
    'x.1.2',
    'x.1.2.3-1',
    'x.1.2.3.4',
    'x. 1',
    'x.-1',
  ]
  for (const text of texts) assert.equal(decodePosition(text), null, text)
  fc.assert(fc.property(fc.string(), text => void decodePosition(text)))
})

test('a snapshot is read and said as PostgreSQL does', () => {
  for (const text of ['10:10:', '10:20:10,14,15']) assert.equal(snapshotText(parseSnapshot(text)), text)
  assert.throws(() => parseSnapshot('10:20'), /not a snapshot/)
})

test('what remains of a snapshot that is cut sees what it saw, up to there', () => {
  fc.assert(
    fc.property(snapshots, fc.bigInt(0n, 6_000n), (snapshot, back) => {
      const last = snapshot.end - back
      const cut = cutSnapshot(snapshot, last)
      for (let t = snapshot.end - 5_010n; t < snapshot.end + 5n; t += 7n)
        assert.equal(sees(cut, t), sees(snapshot, t) && t <= last, `${t}`)
    }),
  )
})

test('a reader has missed something if a forgotten transaction may be one that it has not seen', () => {
  const present = { end: 100n, running: [] }
  const at = (end: bigint, running: bigint[] = []) => ({
    stream: 's',
    position: { seen: { end, running }, page: null },
  })
  const state = (forgottenUntil: bigint) => ({ stream: 's', forgottenUntil })
  assert.equal(whyLost(at(50n), state(49n), present), null)
  assert.equal(whyLost(at(50n), state(50n), present), 'forgotten')
  assert.equal(whyLost(at(60n, [45n]), state(49n), present), 'forgotten')
  assert.equal(whyLost(at(50n), { stream: 't', forgottenUntil: 0n }, present), 'unknown')
  assert.equal(whyLost(at(101n), state(0n), present), 'unknown')
  assert.equal(
    whyLost(at(50n), state(1_000n), present),
    null,
    'the note is of a database that this one was restored from',
  )
})

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
