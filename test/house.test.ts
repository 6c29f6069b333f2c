import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { transitions } from '../src/jobs/transitions.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
// The configuration of dependency-cruiser is plain JavaScript, so its types are said here.
const { rooms } = (await import(`${root}.dependency-cruiser.mjs`)) as { rooms: Record<string, string[]> }
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

/** The rows below a table's head line in a markdown page, as trimmed cells. */
function tableRows(page: string, head: RegExp): string[][] {
  const lines = page.split('\n')
  const start = lines.findIndex(line => head.test(line))
  assert.notEqual(start, -1, `no table with the head ${head}`)
  const after = lines.slice(start + 2)
  const length = after.findIndex(line => !line.startsWith('|'))
  return after.slice(0, length < 0 ? undefined : length).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim().replaceAll('`', '')),
  )
}

const listed = (cell = '') =>
  cell
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')

test('ARCHITECTURE.md shows exactly the arrows that are enforced', () => {
  const page = read('ARCHITECTURE.md')
  const rows = tableRows(page.slice(page.indexOf('## Rooms and arrows')), /^\| *room *\| *may see *\|/)
  const shown = Object.fromEntries(rows.map(([room = '', seen]) => [room, listed(seen).sort()]))
  const enforced = Object.entries(rooms).map(([room, seen]) => [room, seen.filter(other => other !== room).sort()])
  assert.deepEqual(shown, Object.fromEntries(enforced))
})

test('every folder of src is a room with its arrows, but app, which sees all', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter(
    file => file !== 'src/main.ts' && !file.startsWith('src/app/'),
  )
  const homeless = files.filter(file => !Object.keys(rooms).some(room => file.startsWith(`src/${room}/`)))
  assert.deepEqual(homeless, [])
})

test('I15: docs/state-machine.md shows exactly the transitions of the code', () => {
  const rows = tableRows(read('docs/state-machine.md'), /^\| *reason *\| *from *\| *to *\|/)
  const shown = Object.fromEntries(rows.map(([reason = '', from, to]) => [reason, { from: listed(from), to }]))
  assert.deepEqual(shown, transitions)
})

test('I15: its diagram shows the same', () => {
  const arrows = [...read('docs/state-machine.md').matchAll(/^ *(\w+|\[\*\]) --> (\w+): (.+)$/gm)]
  const drawn = arrows.flatMap(([, from, to, reasons]) => listed(reasons).map(reason => `${reason}: ${from} to ${to}`))
  const coded = Object.entries(transitions).flatMap(([reason, { from, to }]) =>
    (from.length === 0 ? ['[*]'] : from).map(state => `${reason}: ${state} to ${to}`),
  )
  assert.deepEqual(drawn.sort(), coded.sort())
})

test('no file is longer than 250 lines, half of them no longer than 80', () => {
  const generated = ['src/contract/tables.ts', 'src/dashboard/shared/api-types.ts']
  const lengths = globSync('src/**/*.{ts,tsx}', { cwd: root })
    .filter(file => !generated.includes(file))
    .map(file => ({ file, lines: read(file).split('\n').length - 1 }))
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 250),
    [],
  )
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b)
  assert.ok((sorted[Math.floor(sorted.length / 2)] ?? 0) <= 80)
})
