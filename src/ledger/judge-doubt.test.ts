import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeDoubt } from './judge-doubt.ts'

test('P9: a call in doubt is only judged when the report leaves no other explanation', () => {
  const judge = (theirs: [bigint, number], ours: [bigint, number], othersInDoubt = false) =>
    judgeDoubt({ units: 40n, theirs: counted(theirs), ours: counted(ours), othersInDoubt })
  assert.equal(judge([100n, 2], [100n, 2]), 'not_charged')
  assert.equal(judge([0n, 0], [0n, 0], true), 'not_charged')
  assert.equal(judge([140n, 3], [100n, 2]), 'charged')
  assert.equal(judge([140n, 3], [100n, 2], true), 'unknown', 'it may have been another one')
  assert.equal(judge([140n, 4], [100n, 2]), 'unknown')
  assert.equal(judge([120n, 3], [100n, 2]), 'unknown')
  assert.equal(judge([60n, 1], [100n, 2]), 'unknown', 'the report is not complete yet')
  assert.equal(judge([100n, 3], [100n, 2]), 'unknown')
})

function counted([units, calls]: [bigint, number]) {
  return { units, calls }
}
