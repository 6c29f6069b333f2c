import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCursor, encodeCursor } from './cursor.ts'

const at = fc
  .tuple(
    fc.date({ min: new Date('1970-01-01'), max: new Date('2199-01-01'), noInvalidDate: true }),
    fc.nat({ max: 999 }),
  )
  .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`))

test('a cursor comes back as it was, to the microsecond', () => {
  fc.assert(
    fc.property(at, fc.uuid(), (time, id) =>
      assert.deepEqual(decodeCursor(encodeCursor({ at: time, id })), { at: time, id }),
    ),
  )
})

test('whatever else a client sends is refused as its fault', () => {
  const refused = { code: 'validation_failed' }
  const ours = encodeCursor({ at: '2026-01-01T00:00:00.000001Z', id: '00000000-0000-7000-8000-000000000000' })
  for (const wrong of ['', 'abc', ours.slice(1), `${ours}AAAA`])
    assert.throws(() => decodeCursor(wrong), refused, wrong)
  const smuggled = Buffer.from(`2026-01-01T00:00:00.000001Z ${"'; DROP TABLE jobs; --".padEnd(36)}`).toString(
    'base64url',
  )
  assert.throws(() => decodeCursor(smuggled), refused)
  fc.assert(fc.property(fc.string(), text => assert.throws(() => decodeCursor(text), refused)))
})
