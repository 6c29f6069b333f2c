import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildPptx, shape } from './__fixtures__/build-office.ts'
import { parsePptx } from './pptx.ts'

const limits = { path: '', fileType: 'pptx', maxUnpackedBytes: 1e7, maxTextBytes: 1e6, ocr: null } as const

test('slides come in the order of the show, each a page under its title, with lists, tables and notes', async () => {
  const row = (...cells: string[]) =>
    `<a:tr>${cells.map(text => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`).join('')}</a:tr>`
  const { pages } = await parsePptx(
    buildPptx([
      {
        // The title is drawn after the list, and the slide's number is not text.
        shapes:
          shape(['one', ' inner &amp; deeper', 'two'], 'body') +
          shape(['Opening'], 'ctrTitle') +
          shape(['1'], 'sldNum'),
        notes: 'Say hello.',
      },
      {
        shapes: `${shape(['Figures'], 'title')}${shape(['A free box'])}<a:tbl>${row('Year', 'Flow')}${row('2025', '3|4')}</a:tbl>`,
      },
    ]),
    limits,
  )
  assert.deepEqual(pages, [
    { pageNumber: 1, markdown: '# Opening\n\n- one\n  - inner & deeper\n- two\n\nNotes: Say hello.' },
    { pageNumber: 2, markdown: '# Figures\n\nA free box\n\n| Year | Flow |\n| --- | --- |\n| 2025 | 3\\|4 |' },
  ])
})
