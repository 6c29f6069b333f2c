import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { jobStates, stages } from '../src/contract/job.ts'
import { transitions } from '../src/jobs/transitions.ts'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'

const page = new URL('../docs/state-machine.md', import.meta.url)

onBothDatabases('vocabulary', createPlace => {
  const sluice = useSluice(createPlace)

  test('I15: the CHECKs of the migrated schema allow exactly the states and stages of the contract', async () => {
    const checks = await sluice().sql<{ column: string; definition: string }>(`
      SELECT a.attname AS column, pg_get_constraintdef(c.oid) AS definition
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
      WHERE c.conrelid = 'sluice.jobs'::regclass AND c.conname IN ('jobs_stage_check', 'jobs_state_check')`)
    const words = new Map(checks.map(({ column, definition }) => [column, quoted(definition, /'(\w+)'::text/g)]))
    assert.deepEqual(words.get('stage'), [...stages])
    assert.deepEqual(words.get('state'), [...jobStates])
  })

  test('I15: the published API names the same states and stages', async () => {
    const { body } = await sluice().request('GET', '/openapi.json')
    const enums = (JSON.stringify(body).match(/"enum":\[[^\]]*\]/g) ?? []).map(text =>
      quoted(text.slice(7), /"(\w+)"/g),
    )
    const holding = (value: string) => enums.filter(words => words.includes(value))
    assert.ok(holding('retrying').length > 0 && holding('publish').length > 0)
    for (const words of holding('retrying')) assert.deepEqual(words, [...jobStates])
    for (const words of holding('publish')) assert.deepEqual(words, [...stages])
  })

  test('I15: what jobs really went through stands in the table of transitions', async () => {
    await sluice().ingest('fine.txt', 'a few words')
    await sluice().ingest('empty.txt', '   ')
    const events = await sluice().sql<{ state: string; reason: keyof typeof transitions }>(
      'SELECT DISTINCT state, reason FROM sluice.job_events',
    )
    assert.ok(events.length >= 5)
    for (const { state, reason } of events) assert.equal(transitions[reason]?.to, state, reason)
  })

  test('I15: docs/state-machine.md names every state and stage', { skip: !existsSync(page) }, () => {
    const text = readFileSync(page, 'utf8')
    for (const name of [...jobStates, ...stages]) assert.match(text, new RegExp(`\\b${name}\\b`))
  })
})

function quoted(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(match => match[1] ?? '')
}
