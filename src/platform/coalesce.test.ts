import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coalesce } from './coalesce.ts'

test('calls during a run share the next one, and no two runs overlap', async () => {
  const gates: (() => void)[] = []
  let running = 0
  const run = coalesce(async () => {
    assert.equal(++running, 1)
    await new Promise<void>(resolve => gates.push(resolve))
    running--
  })
  const first = run()
  await Promise.resolve()
  await Promise.resolve()
  assert.equal(gates.length, 1)
  const [second, third] = [run(), run()]
  assert.equal(second, third)
  gates[0]?.()
  await first
  await new Promise(setImmediate)
  assert.equal(gates.length, 2)
  gates[1]?.()
  await third
})

test('a run that fails fails for those who asked for it, and not for the next', async () => {
  let runs = 0
  const run = coalesce(async () => {
    if (++runs === 1) throw new Error('the first')
  })
  await assert.rejects(run(), /the first/)
  await run()
  assert.equal(runs, 2)
})
