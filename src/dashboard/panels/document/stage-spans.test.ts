import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stageSpans } from './stage-spans.ts'

const at = (seconds: number) => new Date(1_000_000 + seconds * 1000).toISOString()

test('a job’s time is told by stage, waiting apart from work, retries counted', () => {
  const [parse, chunk, embed] = stageSpans(
    [
      { at: at(0), stage: 'parse', state: 'queued' },
      { at: at(1), stage: 'parse', state: 'running' },
      { at: at(3), stage: 'parse', state: 'retrying' },
      { at: at(4), stage: 'parse', state: 'running' },
      { at: at(8), stage: 'chunk', state: 'queued' },
      { at: at(8), stage: 'chunk', state: 'running' },
      { at: at(10), stage: 'chunk', state: 'failed' },
    ],
    1_000_000 + 99_000,
  )
  assert.equal(parse?.retries, 1)
  assert.equal(parse?.workMs, 6000)
  assert.equal(parse?.totalMs, 8000)
  assert.deepEqual(parse?.pieces[1], { state: 'running', from: 0.1, to: 0.3, ms: 2000 })
  assert.equal(chunk?.workMs, 2000)
  assert.deepEqual(embed?.pieces, [])
})

test('what is still open goes on until now', () => {
  const [parse] = stageSpans([{ at: at(0), stage: 'parse', state: 'deferred' }], 1_000_000 + 5000)
  assert.deepEqual(parse?.pieces, [{ state: 'deferred', from: 0, to: 1, ms: 5000 }])
  assert.deepEqual(stageSpans([], 0), [])
})
