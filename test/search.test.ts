import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import type { Problem } from '../src/contract/problem.ts'
import type { SearchHit } from '../src/contract/search.ts'
import { buildPdf } from '../src/providers/local/__fixtures__/build-pdf.ts'
import { onBothDatabases } from './harness/databases.ts'
import { writeMarkdown } from './harness/texts.ts'
import { useSluice } from './harness/use-sluice.ts'

const tricky = `# Märkte

<b>Turbines</b> and a turbine-driven pump 🌊🌊 at https://example.com/turbine/list?x=1: the turbine's \uE000icon\uE001 turbines.
A \\ back\\slash, an e-mail turbine@example.com, 3.14 turbines — and 漢字 turbine.
`

onBothDatabases('search', createPlace => {
  const sluice = useSluice(createPlace)
  const documents = new Map<string, DocumentDetail>()
  before(async () => {
    const files: [name: string, bytes: string | Uint8Array, metadata: object][] = [
      [
        'manual.md',
        '# Manual\n\nThe valve is closed by hand.\n\n## Winter\n\nThe valve freezes.\n',
        { team: 'north', tags: ['a', 'b'] },
      ],
      ['notes.txt', 'Somebody left the valve open over night.', { team: 'south', tags: ['b'] }],
      [
        'report.pdf',
        buildPdf([
          ['# Report', 'A page about pumps.'],
          ['# Valves', 'Every valve was inspected in May.'],
        ]),
        {},
      ],
      ['tricky.md', tricky, {}],
      ['bulk.md', writeMarkdown(1, 40, 60), { team: 'north' }],
    ]
    for (const [name, bytes, metadata] of files) documents.set(name, await sluice().ingest(name, bytes, { metadata }))
  })
  const idOf = (name: string) => documents.get(name)?.documentId ?? assert.fail(name)
  const names = (hits: readonly SearchHit[]) => [...new Set(hits.map(hit => hit.fileName))].sort()

  test('a hit says where it stands: document, page, headings and offsets into the page', async () => {
    const { hits } = await sluice().search('valve inspected in May')
    const hit = hits[0] ?? assert.fail('no hit')
    assert.deepEqual([hit.fileName, hit.fileType, hit.pageNumber], ['report.pdf', 'pdf', 2])
    assert.equal(hit.versionId, documents.get('report.pdf')?.live?.versionId)
    const page = await sluice().request<{ markdown: string }>('GET', `/v1/documents/${hit.documentId}/pages/2`)
    assert.equal(page.body.markdown.slice(hit.start, hit.end), hit.text)

    const [winter] = (await sluice().search('the valve freezes in winter')).hits
    assert.deepEqual([winter?.fileName, winter?.headingPath.at(0)], ['manual.md', 'Manual'])
  })

  test('scores add up, ranks begin at 1, and the best hit comes first', async () => {
    const { hits } = await sluice().search('valve in winter', { k: 50 })
    assert.ok(hits.length > 3)
    for (const { score, scoreParts } of hits) {
      assert.ok(scoreParts.vector || scoreParts.fullText)
      const parts = [scoreParts.vector, scoreParts.fullText].filter(part => part !== null)
      for (const part of parts) assert.ok(Math.abs(part.score - 1 / (60 + part.rank)) < 1e-12)
      assert.ok(Math.abs(score - parts.reduce((sum, part) => sum + part.score, 0)) < 1e-12)
    }
    for (const kind of ['vector', 'fullText'] as const) {
      const ranks = hits.flatMap(hit => hit.scoreParts[kind]?.rank ?? [])
      assert.equal(new Set(ranks).size, ranks.length)
      assert.equal(Math.min(...ranks), 1)
    }
    const scores = hits.map(hit => hit.score)
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    )
    const similarities = hits
      .flatMap(hit => hit.scoreParts.vector ?? [])
      .sort((a, b) => a.rank - b.rank)
      .map(part => part.cosineSimilarity)
    assert.deepEqual(
      similarities,
      similarities.toSorted((a, b) => b - a),
    )
  })

  test('`k` bounds the hits', async () => {
    for (const k of [1, 3, 100]) {
      const { hits } = await sluice().search('section', { k })
      assert.ok(hits.length <= k && hits.length > 0, `${hits.length} hits for k = ${k}`)
    }
    assert.equal((await sluice().search('section')).hits.length, 10)
    assert.equal((await sluice().request('POST', '/v1/search', { query: 'x', k: 101 })).status, 400)
  })

  test('filters leave only what fits all of them', async () => {
    const created = documents.get('report.pdf')?.createdAt ?? ''
    const cases: [filters: object, found: string[]][] = [
      [{}, ['bulk.md', 'manual.md', 'notes.txt', 'report.pdf', 'tricky.md']],
      [{ documentIds: [idOf('notes.txt'), idOf('report.pdf')] }, ['notes.txt', 'report.pdf']],
      [{ documentIds: [] }, []],
      [{ fileTypes: ['markdown'] }, ['bulk.md', 'manual.md', 'tricky.md']],
      [{ fileTypes: ['text', 'pdf'] }, ['notes.txt', 'report.pdf']],
      [{ createdBefore: created }, ['manual.md', 'notes.txt']],
      [{ createdAfter: created }, ['bulk.md', 'report.pdf', 'tricky.md']],
      [{ createdAfter: created, createdBefore: created }, []],
      [{ metadata: { team: 'north' } }, ['bulk.md', 'manual.md']],
      [{ metadata: { tags: ['b'] } }, ['manual.md', 'notes.txt']],
      [{ metadata: { team: 'south', tags: ['a'] } }, []],
      [{ metadata: { team: 'north' }, fileTypes: ['markdown'], documentIds: [idOf('manual.md')] }, ['manual.md']],
    ]
    for (const [filters, found] of cases) {
      const { hits } = await sluice().search('valve turbine section', { k: 100, filters })
      assert.deepEqual(names(hits), found, JSON.stringify(filters))
    }
  })

  test('a filter that does not exist is refused, not ignored', async () => {
    const { status, body } = await sluice().request<Problem>('POST', '/v1/search', {
      query: 'valve',
      filters: { fileType: ['pdf'] },
    })
    assert.equal(status, 400)
    assert.match(body.detail, /fileType/)
  })

  test('highlights are exactly the words of the query, inflected or not, in any text', async () => {
    for (const [query, stem] of [
      ['turbine', 'turbine'],
      ['Turbines', 'turbine'],
      ['closing valves', 'valve|closed'],
      ['back slash', 'back|slash'],
    ] as const) {
      const { hits } = await sluice().search(query, { k: 50 })
      const marked = hits.flatMap(hit => hit.highlights.map(({ start, end }) => hit.text.slice(start, end)))
      assert.ok(marked.length > 0, query)
      for (const words of marked) assert.match(words, new RegExp(`^(${stem})s?$|turbine[/@.]`, 'i'), query)
    }
    const { hits } = await sluice().search('turbine', { filters: { documentIds: [idOf('tricky.md')] } })
    assert.equal(hits[0]?.text, tricky.slice(hits[0]?.start, hits[0]?.end))
    assert.ok((hits[0]?.highlights.length ?? 0) >= 6)
  })

  test('any text is a query: signs of query languages mean nothing', async () => {
    const queries = [
      'valve & | ! ( ) <-> :*',
      `'; DROP TABLE sluice.documents; --`,
      String.raw`C:\valve\new 'quoted' "double" \' %s $1`,
      'http://example.com/a\\b?c=d&e=%20 user@host.example /usr/local/bin file.txt',
      'the of and',
      '🌊',
      '?!',
      '漢字',
      'x'.repeat(8_000),
      '漢'.repeat(8_000),
      '<b>valve</b>',
      '-1.5e10 --valve',
    ]
    for (const query of queries) {
      const answer = await sluice().request<{ hits: unknown[] }>('POST', '/v1/search', { query })
      assert.equal(answer.status, 200, `${query.slice(0, 40)}: ${JSON.stringify(answer.body).slice(0, 300)}`)
    }
    assert.ok((await sluice().search(queries[0] ?? '')).hits.some(hit => hit.scoreParts.fullText))
  })

  test('a search costs what its query has tokens, and is booked to no document', async () => {
    const booked = async () =>
      await sluice().sql<{ units: bigint }>(
        `SELECT units FROM sluice.ledger_entries WHERE purpose = 'search' AND document_id IS NULL ORDER BY at`,
      )
    const before = (await booked()).length
    await sluice().search('three short words')
    assert.deepEqual((await booked()).slice(before), [{ units: 3n }])
  })
})
