import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chooseWakes } from './choose-wakes.ts'

interface Job {
  id: number
  tenantId: string
  neededNanoUsd: bigint
}

const tenants = ['a', 'b', 'c', 'd']
const line = fc
  .array(fc.record({ tenantId: fc.constantFrom(...tenants), neededNanoUsd: fc.bigInt({ min: 0n, max: 50n }) }), {
    maxLength: 60,
  })
  .map(jobs => jobs.map((job, id) => ({ id, ...job })))
const room = fc.bigInt({ min: -20n, max: 400n })
const used = fc
  .array(fc.tuple(fc.constantFrom(...tenants), fc.bigInt({ min: 0n, max: 200n })), { maxLength: 4 })
  .map(pairs => new Map(pairs))

const sum = (jobs: readonly Job[]) => jobs.reduce((total, job) => total + job.neededNanoUsd, 0n)
const ofTenant = (jobs: readonly Job[], tenantId: string) => jobs.filter(job => job.tenantId === tenantId)
const repeated = (count: number, tenantId: string, neededNanoUsd: bigint): Job[] =>
  Array.from({ length: count }, (_, id) => ({ id, tenantId, neededNanoUsd }))

test('those that are woken fit together, and nobody is woken twice', () => {
  fc.assert(
    fc.property(line, room, used, (waiting, roomNanoUsd, usedNanoUsd) => {
      const woken = chooseWakes(waiting, roomNanoUsd, usedNanoUsd)
      if (woken.length > 0) assert.ok(sum(woken) <= roomNanoUsd)
      assert.equal(new Set(woken).size, woken.length)
      assert.ok(woken.every(job => waiting.includes(job)))
    }),
  )
})

test('no room is left over that would do for one who still waits', () => {
  fc.assert(
    fc.property(line, room, used, (waiting, roomNanoUsd, usedNanoUsd) => {
      const woken = new Set(chooseWakes(waiting, roomNanoUsd, usedNanoUsd))
      const left = roomNanoUsd - sum([...woken])
      for (const job of waiting) if (!woken.has(job)) assert.ok(job.neededNanoUsd > left, `job ${job.id} would fit`)
    }),
  )
})

test('within a tenant the most urgent goes first: it is passed over only by what needs less than it', () => {
  fc.assert(
    fc.property(line, room, used, (waiting, roomNanoUsd, usedNanoUsd) => {
      const woken = chooseWakes(waiting, roomNanoUsd, usedNanoUsd)
      for (const tenantId of tenants) {
        const mine = ofTenant(woken, tenantId)
        assert.deepEqual(
          mine.map(job => job.id),
          mine.map(job => job.id).toSorted((a, b) => a - b),
        )
        for (const passed of ofTenant(waiting, tenantId).filter(job => !mine.includes(job)))
          for (const later of mine.filter(job => job.id > passed.id))
            assert.ok(later.neededNanoUsd < passed.neededNanoUsd)
      }
    }),
  )
})

test('each time the tenant goes that has had least, of those who have somebody left that fits', () => {
  fc.assert(
    fc.property(line, room, used, (waiting, roomNanoUsd, usedNanoUsd) => {
      const has = new Map(usedNanoUsd)
      const left = new Set(waiting)
      let rest = roomNanoUsd
      for (const job of chooseWakes(waiting, roomNanoUsd, usedNanoUsd)) {
        const rivals = [...left]
          .filter(other => other.neededNanoUsd <= rest)
          .map(other => has.get(other.tenantId) ?? 0n)
        assert.ok(rivals.every(amount => amount >= (has.get(job.tenantId) ?? 0n)))
        left.delete(job)
        rest -= job.neededNanoUsd
        has.set(job.tenantId, (has.get(job.tenantId) ?? 0n) + job.neededNanoUsd)
      }
    }),
  )
})

test('a tenant with a thousand jobs does not starve one with a single job', () => {
  const crowd = repeated(1_000, 'crowd', 10n)
  const lone = { id: 1_000, tenantId: 'lone', neededNanoUsd: 10n }
  const woken = chooseWakes([...crowd, lone], 20n, new Map())
  assert.deepEqual(woken, [crowd[0], lone])
  assert.deepEqual(chooseWakes([...crowd, lone], 10n, new Map([['crowd', 10n]])), [lone])
})

test('tenants come out even, and who has had more waits', () => {
  const waiting = [...repeated(50, 'a', 10n), ...repeated(50, 'b', 10n), ...repeated(50, 'c', 10n)]
  const woken = chooseWakes(waiting, 300n, new Map([['a', 120n]]))
  assert.deepEqual(
    ['a', 'b', 'c'].map(tenantId => ofTenant(woken, tenantId).length),
    [2, 14, 14],
  )
})

test('what never fits is passed over, and holds nobody up', () => {
  const waiting = [...repeated(3, 'a', 1_000n), ...repeated(2, 'b', 5n)]
  assert.deepEqual(chooseWakes(waiting, 10n, new Map()), waiting.slice(3))
  assert.deepEqual(chooseWakes(waiting, 0n, new Map()), [])
  assert.deepEqual(chooseWakes([], 10n, new Map()), [])
})

test('fifty thousand waiting jobs of a hundred tenants are looked through in seconds', () => {
  const waiting = Array.from({ length: 50_000 }, (_, id) => ({ id, tenantId: `t${id % 100}`, neededNanoUsd: 1n }))
  const startedAt = performance.now()
  assert.equal(chooseWakes(waiting, 50_000n, new Map()).length, 50_000)
  assert.ok(performance.now() - startedAt < 5_000)
})
