import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AlertState, nextState, unseen } from './next-state.ts'

const times = { forSeconds: 60, recoverSeconds: 30, cooldownSeconds: 300 }
const start = Date.parse('2026-11-27T12:00:00Z')

/** Looks at what is told, at seconds after the start; gives the seconds at which something was done. */
function follow(looks: readonly (readonly [second: number, isOver: boolean])[], how = times): string[] {
  let state: AlertState = unseen
  let lasts = false
  const acts: string[] = []
  for (const [second, isOver] of looks) {
    const next = nextState(state, how, { isOver, lasts, now: new Date(start + second * 1_000) })
    state = next.state
    if (next.act !== null) acts.push(`${next.act} at ${second}`)
    if (next.act === 'raise') lasts = true
    if (next.act === 'recover') lasts = false
  }
  return acts
}

/** A look every 10 s; `over` says when it is over. */
const every10s = (until: number, over: (second: number) => boolean) =>
  Array.from({ length: until / 10 + 1 }, (_, i) => [i * 10, over(i * 10)] as const)

test('what is over for less than its time raises nothing', () => {
  assert.deepEqual(follow(every10s(600, second => second % 60 < 50)), [])
})

test('what stays over is raised once, and is over when it has been well for its time', () => {
  assert.deepEqual(follow(every10s(400, second => second < 200)), ['raise at 60', 'recover at 230'])
})

test('a bad moment while it gets well starts that anew', () => {
  assert.deepEqual(follow(every10s(400, second => second < 200 || second === 220)), ['raise at 60', 'recover at 260'])
})

test('what comes back while it cools down is raised when that is over, if it is still so', () => {
  const backAt250 = every10s(700, second => second < 100 || second >= 150)
  assert.deepEqual(follow(backAt250), ['raise at 60', 'recover at 130', 'raise at 430'])
  const goneAgain = every10s(700, second => second < 100 || (second >= 150 && second < 420))
  assert.deepEqual(follow(goneAgain), ['raise at 60', 'recover at 130'])
})

test('with no times at all each look counts', () => {
  const now = { forSeconds: 0, recoverSeconds: 0, cooldownSeconds: 0 }
  assert.deepEqual(
    follow(
      every10s(30, second => second % 20 === 0),
      now,
    ),
    ['raise at 0', 'recover at 10', 'raise at 20', 'recover at 30'],
  )
})

test('whatever comes, raised and recovered take turns, and no two alerts begin closer than what the times allow', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.boolean()), { maxLength: 200 }), gaps => {
      const seconds = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((sum, [gap]) => sum + gap, 0))
      const looks = gaps.map(([, isOver], i) => [seconds[i] ?? 0, isOver] as const)
      const acts = follow(looks).map(act => act.split(' at '))
      let [lastRaise, lastEnd] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (const [i, [act, at]] of acts.entries()) {
        assert.equal(act, i % 2 === 0 ? 'raise' : 'recover')
        if (act === 'raise') {
          assert.ok(Number(at) - lastEnd >= times.cooldownSeconds)
          lastRaise = Number(at)
        } else {
          assert.ok(Number(at) - lastRaise >= times.recoverSeconds)
          lastEnd = Number(at)
        }
      }
    }),
  )
})
