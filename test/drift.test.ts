import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkDriftNow } from '../src/app/watch-drift.ts'
import type { Alert } from '../src/contract/alert.ts'
import type { SpaceView } from '../src/contract/reembedding.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { writeMarkdown } from './harness/texts.ts'
import { useSluice } from './harness/use-sluice.ts'

onEitherDatabase('drift of the model', createPlace => {
  const sluice = useSluice(createPlace)
  const errors: unknown[] = []
  const check = () =>
    checkDriftNow({
      database: sluice().database,
      spaces: sluice().server.sluice.services.spaces,
      everyHours: 24,
      onError: error => errors.push(error),
    })
  const makeDue = () => sluice().sql("UPDATE sluice.drift_checks SET next_at = now() - interval '1 second'")
  const drift = async () => (await sluice().request<{ spaces: SpaceView[] }>('GET', '/v1/spaces')).body.spaces[0]?.drift
  const alerts = async () => {
    const { body } = await sluice().request<{ alerts: Alert[] }>('GET', '/v1/alerts')
    return body.alerts.filter(alert => alert.kind === 'vector_drift')
  }

  test('a model that gives the same vectors passes; the tokens of the look are booked, and it is made once in its time', async () => {
    for (let i = 0; i < 3; i++) await sluice().ingest(`doc-${i}.md`, writeMarkdown(i, 3, 40))
    await check()
    assert.equal((await drift()) ?? null, null, 'a new space is looked at after a day')
    await makeDue()
    await check()
    const found = await drift()
    assert.ok(found && found.texts > 0 && found.leastCosine > 0.999_99, JSON.stringify(found))
    const booked = () =>
      sluice().sql<{ units: string }>(
        "SELECT units FROM sluice.ledger_entries WHERE purpose = 'drift' AND kind = 'settlement'",
      )
    assert.equal((await booked()).length, 1)
    await check()
    assert.equal((await booked()).length, 1)
    assert.deepEqual(await alerts(), [])
  })

  test('a model that gives other vectors under its old name raises an alert with the cosine, once a day', async () => {
    await sluice().sql(
      `UPDATE sluice.embeddings SET embedding = (SELECT embedding FROM sluice.embeddings ORDER BY text_hash LIMIT 1)`,
    )
    for (let i = 0; i < 2; i++) {
      await makeDue()
      await check()
    }
    const [alert, ...others] = await alerts()
    assert.ok(alert && others.length === 0)
    assert.ok(Number(alert.details.leastCosine) < 0.999)
    assert.match(String(alert.details.spaceId), /text-embedding-3-small-1536/)
    assert.deepEqual(errors, [])
  })
})
