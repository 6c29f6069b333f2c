import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stageLimits } from '../src/app/create-stages.ts'
import { onBothDatabases } from './harness/databases.ts'
import { writeMarkdown } from './harness/texts.ts'
import { useSluice } from './harness/use-sluice.ts'

/** What src/app/create-stages.ts allows one process to work on at a time. */
const count = 200

onBothDatabases('load', createPlace => {
  const sluice = useSluice(createPlace)

  test(`I26: ${count} uploads at once all succeed, and no stage ever works on more than its limit`, async () => {
    const uploads = Promise.all(
      Array.from({ length: count }, (_, i) => sluice().upload(`doc-${i}.md`, writeMarkdown(i, 3))),
    )
    let ended = false
    const busiest: Record<string, number> = {}
    const watch = async () => {
      while (!ended) {
        const running = await sluice().sql<{ stage: string; jobs: number }>(
          "SELECT stage, count(*)::int AS jobs FROM sluice.jobs WHERE state = 'running' GROUP BY stage",
        )
        for (const { stage, jobs } of running) busiest[stage] = Math.max(busiest[stage] ?? 0, jobs)
      }
    }
    const watching = watch()
    const answers = await uploads
    const documents = await sluice().settled()
    ended = true
    await watching

    assert.ok(answers.every(answer => answer.status === 201))
    assert.equal(documents.length, count)
    assert.deepEqual(
      documents.filter(({ job }) => job.state !== 'succeeded'),
      [],
    )
    for (const [stage, limit] of Object.entries(stageLimits))
      assert.ok((busiest[stage] ?? 0) <= limit, `${busiest[stage]} jobs were at ${stage} at once`)
    assert.ok((busiest.parse ?? 0) > 1, 'several jobs were worked on at once')
  })
})
