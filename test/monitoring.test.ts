import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { exportedMetrics } from './harness/exported-metrics.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const exported = await exportedMetrics()

interface Rule {
  alert: string
  expr: string
  annotations: { summary: string; runbook_url: string }
}
interface Panel {
  title: string
  targets: { expr: string }[]
}
const alerts = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
const rules = alerts.groups.flatMap(group => group.rules)
const { panels } = JSON.parse(read('deploy/grafana/sluice.json')) as { panels: Panel[] }
const expressions = [...rules.map(rule => rule.expr), ...panels.flatMap(panel => panel.targets.map(t => t.expr))]

test('docs/monitoring.md names every metric, and says of it what /metrics says', () => {
  const rows = [...read('docs/monitoring.md').matchAll(/^\| `(sluice_\w+)` \| (\w+) \| (.+) \|$/gm)]
  const shown = rows.map(([, name, kind, help]) => [name, kind, help])
  const told = [...exported.values()].filter(family => family.name.startsWith('sluice_'))
  assert.deepEqual(
    shown,
    told.map(({ name, type, help }) => [name, type, help]),
  )
})

test('every metric of the alerts and of the dashboard is exported', () => {
  assert.ok(rules.length > 5 && panels.length > 10)
  for (const expression of expressions) {
    const names = expression.match(/\b(?:sluice|process|nodejs)_\w+/g) ?? []
    assert.ok(names.length > 0 || expression.startsWith('up{'), expression)
    for (const name of names)
      assert.ok(exported.has(name) || exported.has(name.replace(/_(bucket|count|sum)$/, '')), `${name}: ${expression}`)
  }
})

test('the labels by which they group are labels of metrics', () => {
  const told = globSync('src/metrics/*.ts', { cwd: root }).map(read).join('\n')
  for (const expression of expressions)
    for (const [, labels = ''] of expression.matchAll(/by \(([\w, ]+)\)/g))
      for (const label of labels.split(', '))
        assert.ok(label === 'le' || told.includes(`'${label}'`), `${label}: ${expression}`)
})

test('every alert has a page that says what it means, how to see it and what to do; no page is without an alert', () => {
  const pages = rules.map(rule => rule.annotations.runbook_url)
  for (const page of pages) {
    assert.ok(existsSync(root + page), page)
    const titles = [...read(page).matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    assert.deepEqual(titles, ['What it means', 'How to see it', 'What to do'])
  }
  assert.deepEqual([...new Set(pages)].sort(), globSync('docs/runbooks/*.md', { cwd: root }).sort())
})

test('the commands and settings of the pages exist', () => {
  const program = globSync('src/cli/**/*.ts', { cwd: root }).map(read).join('\n')
  const settings = read('.env.example')
  for (const page of globSync('docs/runbooks/*.md', { cwd: root })) {
    for (const [, command = ''] of read(page).matchAll(/(?:^|`)sluice ([a-z]+)/gm))
      assert.match(program, new RegExp(`'${command}\\b`), `sluice ${command} in ${page}`)
    for (const [name] of read(page).matchAll(/SLUICE_[A-Z_]+/g))
      assert.ok(settings.includes(name), `${name} in ${page}`)
  }
})
