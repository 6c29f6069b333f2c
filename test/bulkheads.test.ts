import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stageLimits } from '../src/app/create-stages.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const backlog = 2 * stageLimits.parse

onEitherDatabase('one provider hangs', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    environment: { SLUICE_LLAMAPARSE_UPLOADS_PER_10S: '1000' },
    cloud: { uploadLimit: { requests: 1_000, windowMs: 10_000 } },
    impatient: true,
  })

  test('documents of a tenant that sends nothing there pass by those that hang; in the end all are done, charged once', async () => {
    const elsewhere = await sluice().clientOf('elsewhere')
    await sluice().request('PUT', '/v1/modes/elsewhere/parse', { mode: 'local' })
    cloud().outage = { kind: 'hangs', uploads: 0 }
    await Promise.all(
      Array.from({ length: backlog }, (_, i) => sluice().upload(`hangs-${i}.md`, `Pump ${i} hangs on a line.`)),
    )
    await until('many hang', async () => (cloud().outage?.uploads ?? 0) >= stageLimits.parse / 2)
    for (let i = 0; i < 4; i++) {
      const document = await elsewhere.ingest(`passes-${i}.md`, `Valve ${i} passes by.`)
      assert.equal(document.job.state, 'succeeded')
    }
    const states = await sluice().sql<{ state: string; jobs: number }>(
      `SELECT state, count(*)::int AS jobs FROM sluice.jobs WHERE tenant_id = 'default' GROUP BY state`,
    )
    const count = (state: string) => states.find(one => one.state === state)?.jobs ?? 0
    assert.ok(count('running') <= 2 * stageLimits.parse, `${count('running')} at once`)
    assert.equal(count('succeeded'), 0)

    cloud().outage = null
    const all = await sluice().settled()
    assert.deepEqual(
      all.filter(({ job }) => job.state !== 'succeeded'),
      [],
    )
    assert.equal(cloud().simulator.counters().completed, backlog)
  })
})
