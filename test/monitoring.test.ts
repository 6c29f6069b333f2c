import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { exportedMetrics } from './harness/exported-metrics.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const exported = await exportedMetrics()

test('docs/monitoring.md names every metric, and says of it what /metrics says', () => {
  const rows = [...read('docs/monitoring.md').matchAll(/^\| `(sluice_\w+)` \| (\w+) \| (.+) \|$/gm)]
  const shown = rows.map(([, name, kind, help]) => [name, kind, help])
  const told = [...exported.values()].filter(family => family.name.startsWith('sluice_'))
  assert.deepEqual(
    shown,
    told.map(({ name, type, help }) => [name, type, help]),
  )
})
