import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentDetail, jobView } from '../__fixtures__/views.ts'
import { displayWidth } from '../text/display-width.ts'
import { openTerminal } from '../text/terminal.ts'
import { type IngestRow, rowOfFile, rowOfJob } from './ingest-row.ts'
import { openProgress } from './progress.ts'
import { progressLines } from './progress-lines.ts'

function row(n: number, changes: Partial<IngestRow> = {}): IngestRow {
  const file = { path: `/x/file-${n}.md`, label: `file-${n}.md`, fileName: `file-${n}.md`, byteCount: 5 }
  return { ...rowOfFile(file), ...changes }
}

function terminal(isTTY: boolean, columns = 80) {
  let written = ''
  const stream = {
    isTTY,
    columns,
    rows: 30,
    write(text: string) {
      written += text
    },
  }
  return { ...openTerminal(stream, false, {}), written: () => written }
}

const failure = { code: 'document_corrupt', message: 'm', action: 'a', correlationId: null }

test('every document has a line with stage, state, pages, chunks and price', () => {
  const rows = [
    row(1),
    row(2, { step: 'sending' }),
    row(3, { step: 'following', job: jobView(3, { stage: 'embed', state: 'running' }) }),
    row(4, { step: 'finished', job: documentDetail(4).job, document: documentDetail(4) }),
    row(5, { step: 'finished', job: jobView(5, { state: 'failed' }), failure }),
    row(6, { step: 'finished', job: documentDetail(6).job, document: documentDetail(6), alreadyThere: true }),
  ]
  const [head, ...lines] = progressLines(rows, 1_500, 16, terminal(true))
  assert.match(head ?? '', /3\/6 documents · 1\.5 s · would cost \$0\.000004 so far/)
  const expected = [
    /not sent yet +file-1\.md$/,
    /sending +file-2\.md$/,
    /embed running +file-3\.md$/,
    /succeeded +file-4\.md +3 pages, 7 chunks, would cost \$0\.000002$/,
    /failed +file-5\.md +document_corrupt$/,
    /already ingested +file-6\.md +3 pages/,
  ]
  assert.equal(lines.length, expected.length)
  for (const [i, pattern] of expected.entries()) assert.match(lines[i] ?? '', pattern)
})

test('many documents: few lines, the work and the failures first, the rest counted', () => {
  const rows = Array.from({ length: 200 }, (_, n) => row(n))
  for (let n = 0; n < 100; n += 1)
    rows[n] = row(n, { step: 'finished', job: documentDetail(n).job, document: documentDetail(n) })
  rows[7] = row(7, { step: 'finished', job: jobView(7, { state: 'failed' }), failure })
  for (let n = 100; n < 104; n += 1) rows[n] = row(n, { step: 'following', job: jobView(n, { state: 'running' }) })
  const lines = progressLines(rows, 0, 12, terminal(true, 60))
  assert.equal(lines.length, 12)
  assert.ok(lines.some(line => /failed +file-7\.md/.test(line)))
  for (let n = 100; n < 104; n += 1)
    assert.ok(
      lines.some(line => line.endsWith(`parse running     file-${n}.md`)),
      String(n),
    )
  assert.match(lines.at(-1) ?? '', /… and 190 more \(94 done, 96 not sent yet\)/)
  for (const line of lines) assert.ok(displayWidth(line) < 60, line)
})

test('on a terminal the picture is redrawn in place and removed at the end', () => {
  const err = terminal(true)
  const rows = [row(1), row(2)]
  const progress = openProgress(err, rows, () => 0)
  progress.tick()
  progress.tick()
  progress.clear()
  assert.equal(err.written().split('\u001b[3A\u001b[0J').length, 3)
  assert.ok(err.written().endsWith('\u001b[3A\u001b[0J'))
})

test('without a terminal there is a line at each change, and none twice', () => {
  const err = terminal(false)
  const progress = openProgress(err, [], () => 0)
  const following = rowOfJob(jobView(1, { state: 'running' }))
  progress.changed(following)
  progress.changed(following)
  progress.tick()
  progress.changed({ ...following, step: 'finished', job: documentDetail(1).job, document: documentDetail(1) })
  progress.clear()
  assert.equal(
    err.written(),
    'file-1.md: parse running\nfile-1.md: succeeded, 3 pages, 7 chunks, would cost $0.000002\n',
  )
})
