import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withDeadline } from './with-deadline.ts'

const never = new AbortController().signal

test('what ends in time is done, and its failures pass', async () => {
  const limits = { timeoutMs: 60_000, signal: never }
  assert.deepEqual(await withDeadline(limits, async () => 1), { kind: 'done', value: 1 })
  await assert.rejects(
    withDeadline(limits, async () => {
      throw new Error('broken')
    }),
    { message: 'broken' },
  )
})

test('what ignores its signal is late all the same', async () => {
  let seen: AbortSignal | undefined
  const outcome = await withDeadline({ timeoutMs: 5, signal: never }, signal => {
    seen = signal
    return new Promise(() => {})
  })
  assert.deepEqual(outcome, { kind: 'late' })
  assert.equal(seen?.aborted, true)
})

test('the caller’s abort rejects with its own reason, before and during', async () => {
  const controller = new AbortController()
  const waiting = withDeadline({ timeoutMs: 60_000, signal: controller.signal }, () => new Promise(() => {}))
  controller.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  await assert.rejects(
    withDeadline({ timeoutMs: 60_000, signal: controller.signal }, async () => 1),
    { message: 'enough' },
  )
})
