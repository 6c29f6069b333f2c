import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookAlike } from './look-alike.ts'

const bars = [
  { name: 'Mon', Paid: 100, Free: 100 },
  { name: 'Tue', Paid: 10, Free: 0 },
]
const changed = (paid: number, free: number) => [bars[0] ?? {}, { name: 'Tue', Paid: paid, Free: free }]
const alike = (now: Parameters<typeof lookAlike>[1]) => lookAlike(bars, now, ['Paid', 'Free'], 200)

test('bars look alike until one differs by half a pixel of the greatest, all its parts together', () => {
  assert.ok(alike(bars))
  assert.ok(alike(changed(10.4, 0)))
  assert.ok(alike(changed(9.6, 0)))
  assert.ok(!alike(changed(10.6, 0)))
  assert.ok(!alike(changed(9.4, 0)))
})

test('what appears or goes is seen, however small', () => {
  assert.ok(!alike(changed(10, 0.001)))
  assert.ok(!alike(changed(0, 0)))
})

test('of nothing all looks alike', () => {
  assert.ok(lookAlike([{ name: 'Mon', Paid: 0 }], [{ name: 'Mon', Paid: 0 }], ['Paid'], 200))
  assert.ok(lookAlike([], [], ['Paid'], 200))
})
