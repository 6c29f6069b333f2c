import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothDatabases } from '../../test/harness/databases.ts'
import { useSluice } from '../../test/harness/use-sluice.ts'
import { closeAccount, takePermit } from './permits.sql.ts'

onBothDatabases('permits of a rate limit', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WORKERS: 'off' })
  const limit = { requests: 5, spanMs: 60_000 }

  test('I6: of many who ask at once, each span gets no more than its permits, and nobody is left out', async () => {
    const takers = Array.from({ length: 23 }, () => takePermit(sluice().database, 'many', limit, 600_000))
    const asked = Date.now()
    const permits = await Promise.all(takers)
    assert.ok(permits.every(permit => permit.granted))
    // They asked within a moment of each other, so that the waits are the times of the permits.
    const slackMs = Date.now() - asked + 50
    const times = permits.map(permit => permit.waitMs).sort((a, b) => a - b)
    for (const [i, at] of times.entries()) {
      const next = times[i + limit.requests]
      if (next !== undefined)
        assert.ok(next - at >= limit.spanMs - slackMs, `${limit.requests + 1} permits in ${next - at} ms`)
    }
    assert.deepEqual(
      [times[4], times.at(-1)].map(at => Math.round((at ?? 0) / limit.spanMs)),
      [0, 4],
    )
  })

  test('who has no patience gets none, and takes nobody’s place', async () => {
    for (let i = 0; i < 5; i++)
      assert.deepEqual(await takePermit(sluice().database, 'busy', limit, 0), { granted: true, waitMs: 0 })
    for (let i = 0; i < 10; i++) {
      const { granted, waitMs } = await takePermit(sluice().database, 'busy', limit, 1_000)
      assert.equal(granted, false)
      assert.ok(waitMs > 50_000 && waitMs <= 60_000, `${waitMs} ms`)
    }
  })

  test('P18: a closed account gives its permits after that time, and accounts are apart', async () => {
    await closeAccount(sluice().database, 'closed', 30_000)
    await closeAccount(sluice().database, 'closed', 10)
    const { granted, waitMs } = await takePermit(sluice().database, 'closed', limit, 60_000)
    assert.ok(granted && waitMs > 29_000 && waitMs <= 30_000, `${waitMs} ms`)
    assert.deepEqual(await takePermit(sluice().database, 'other', limit, 0), { granted: true, waitMs: 0 })
  })
})
