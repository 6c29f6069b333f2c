import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted, formatBytes, formatDuration, formatTime } from './amounts.ts'
import { displayWidth, truncated, truncatedInside } from './display-width.ts'
import { printable } from './printable.ts'
import { snippetLines } from './snippet.ts'
import { printTable } from './table.ts'
import { openTerminal } from './terminal.ts'

function terminal(options: { isTTY?: boolean; columns?: number; color?: boolean; env?: Record<string, string> } = {}) {
  let written = ''
  const stream = {
    isTTY: options.isTTY ?? false,
    columns: options.columns ?? 80,
    write(text: string) {
      written += text
    },
  }
  return { ...openTerminal(stream, options.color ?? true, options.env ?? {}), written: () => written }
}

test('what could control a terminal or reorder text is shown as an escape', () => {
  assert.equal(printable('a\u001b[31mb\nc\u009b\u202egpj'), 'a\\u{1b}[31mb\\u{a}c\\u{9b}\\u{202e}gpj')
  assert.equal(printable('Größe 水 👍 é'), 'Größe 水 👍 é')
})

test('widths count columns: wide letters two, accents and colours none', () => {
  assert.equal(displayWidth('abc'), 3)
  assert.equal(displayWidth('水道'), 4)
  assert.equal(displayWidth('e\u0301'), 1)
  assert.equal(displayWidth('\u001b[31mred\u001b[39m'), 3)
})

test('cut text fits, and a path keeps its end', () => {
  assert.equal(truncated('abcdef', 4), 'abc…')
  assert.equal(truncated('水道水道', 5), '水道…')
  const path = truncatedInside('a/very/long/folder/name/report.pdf', 20)
  assert.equal(displayWidth(path), 20)
  assert.match(path, /^a\/.*….*report\.pdf$/)
  for (let columns = 1; columns < 12; columns += 1)
    assert.ok(displayWidth(truncatedInside('水道水道水道水道', columns)) <= columns)
})

test('amounts', () => {
  assert.deepEqual([999, 1000, 999_600, 181_000, 12_840].map(formatBytes), [
    '999 B',
    '1.0 kB',
    '1.0 MB',
    '181 kB',
    '12.8 kB',
  ])
  assert.deepEqual([400, 9_949, 9_960, 59_700, 185_000].map(formatDuration), [
    '0.4 s',
    '9.9 s',
    '10 s',
    '1 min 0 s',
    '3 min 5 s',
  ])
  assert.equal(counted(1, 'page'), '1 page')
  assert.equal(counted(1200, 'page'), '1,200 pages')
  assert.equal(formatTime('2026-11-23T16:37:01.123Z'), '2026-11-23 16:37:01Z')
})

test('a table aligns its columns, decimals at their points', () => {
  const out = terminal()
  const columns = [{ title: 'Name' }, { title: 'Cost', align: 'decimal' as const }, { title: 'State' }]
  printTable(out, columns, [
    [{ text: '水' }, { text: '$0.00375' }, { text: 'ok' }],
    [{ text: 'abcdef' }, { text: '$10.25' }, { text: 'ok' }],
    [{ text: 'x' }, { text: '–' }],
  ])
  assert.deepEqual(out.written().split('\n'), [
    'Name         Cost  State',
    '水       $0.00375  ok',
    'abcdef  $10.25     ok',
    'x         –',
    '',
  ])
})

test('on a terminal no line of a table is wider than it', () => {
  const out = terminal({ isTTY: true, columns: 50, env: { NO_COLOR: '1' } })
  const name = `${'long/'.repeat(20)}end.md`
  printTable(out, [{ title: 'Name', flexible: true }, { title: 'State' }], [[{ text: name }, { text: 'succeeded' }]])
  for (const line of out.written().split('\n')) assert.ok(displayWidth(line) < 50, line)
  assert.match(out.written(), /end\.md {2}succeeded/)
})

test('colours are for terminals, unless forced or refused', () => {
  const colored = (options: Parameters<typeof terminal>[0]) => terminal(options).colors.isColorSupported
  assert.equal(colored({ isTTY: true }), true)
  assert.equal(colored({ isTTY: false }), false)
  assert.equal(colored({ isTTY: true, color: false }), false)
  assert.equal(colored({ isTTY: true, env: { NO_COLOR: '1' } }), false)
  assert.equal(colored({ isTTY: true, env: { TERM: 'dumb' } }), false)
  assert.equal(colored({ isTTY: false, env: { FORCE_COLOR: '1' } }), true)
})

const mark = (text: unknown) => `[${text}]`

test('a snippet stands around its first highlight, within its lines', () => {
  const text = `${'before '.repeat(60)}the geosmin came${' after'.repeat(60)}`
  const start = text.indexOf('geosmin')
  const lines = snippetLines(text, [{ start, end: start + 7 }], { columns: 40, lines: 3 }, mark)
  assert.equal(lines.length, 3)
  assert.match(lines[0] ?? '', /^… before .*\[geosmin\]/)
  assert.match(lines[2] ?? '', / …$/)
  for (const line of lines) assert.ok(displayWidth(line) <= 42 + 2, line)
})

test('a short text is shown whole, without table rules and heading marks, and safely', () => {
  const text = '# Limits\n\n| pH | lead |\n| --- | ---: |\n| 7 | \u001b[2J5 |'
  const start = text.indexOf('ead')
  const lines = snippetLines(text, [{ start, end: start + 3 }], { columns: 80, lines: 3 }, mark)
  assert.deepEqual(lines, ['Limits | pH | l[ead] | | 7 | \\u{1b}[2J5 |'])
})
