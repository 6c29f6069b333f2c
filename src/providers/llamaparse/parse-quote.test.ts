import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseTiers } from '../../contract/parse-options.ts'
import { listPrice, openFolder, setUpClient } from './__fixtures__/parse-client.fs.ts'
import { countSelected, readPageRanges, writeTargetPages } from './page-selection.ts'

const folder = openFolder()
after(folder.close)

type Json = Record<string, never>
const groups: Record<string, Record<string, unknown>> = {
  plain: {},
  boxes: { output_options: { granular_bboxes: ['word'] } },
  charts: { processing_options: { specialized_chart_parsing: 'agentic_plus' } },
  forms: { processing_options: { forms: 'enrich' } },
  confidence: { processing_options: { confidence_score_effort: 'high' } },
  optimizer: { processing_options: { cost_optimizer: { enable: true } } },
  everything: {
    output_options: { granular_bboxes: ['cell', 'line'] },
    processing_options: { specialized_chart_parsing: 'efficient', forms: 'enrich', confidence_score_effort: 'high' },
  },
}
const form = 'name: ______'
const files: [pages: string[], fileType: 'pdf' | 'xlsx'][] = [
  [['a'], 'pdf'],
  [[form, form, form], 'pdf'],
  [['a', form, '|a|\n|-|\n|1|'], 'pdf'],
  [['sheet', 'sheet'], 'xlsx'],
]

for (const tier of parseTiers) {
  for (const [name, options] of Object.entries(groups)) {
    const refused = (tier === 'fast' || tier === 'cost_effective') && name === 'optimizer'
    if (refused || (tier === 'fast' && /forms|everything/.test(name))) continue
    test(`P3: ${tier}, ${name}: a quote is never less than what is charged, and no more where all pages are alike`, async () => {
      for (const [pages, fileType] of files) {
        for (const selected of [undefined, '1', '2-9']) {
          const countPages = async () => pages.length
          const { quoteOf, parse } = setUpClient({ tier, countPages, options })
          const input = folder.write(pages, selected ? { pages: selected } : {}, fileType)
          if (selected === '2-9' && pages.length === 1) continue
          const quote = await quoteOf(input)
          const collected = await parse(input)
          assert.ok(collected.kind === 'done' && collected.usage)
          assert.ok(collected.usage.costNanoUsd <= quote.costNanoUsd)
          assert.ok(collected.usage.units <= quote.units)
          if (pages.every(page => page === form) && name !== 'optimizer')
            assert.equal(collected.usage.costNanoUsd, quote.costNanoUsd)
        }
      }
    })
  }
}

test("a price list of the user's own scales everything, add-ons included", async () => {
  const price = (tier: string, pages: number) => (listPrice(tier, pages) * 6n) / 5n
  const { quoteOf, service } = setUpClient({ price, options: groups.charts as Json, simulated: true })
  const quote = { units: 2, costNanoUsd: 0n, shadowNanoUsd: 18_000_000n }
  assert.deepEqual(await quoteOf(folder.write(['a', 'b'])), quote)
  assert.deepEqual(service.price(2), quote)
})

test('a price that no whole nano-dollar pays is rounded up once', async () => {
  const { quoteOf } = setUpClient({ price: (_, pages) => BigInt(pages) * 10n, options: groups.charts as Json })
  assert.equal((await quoteOf(folder.write(['a', 'b']))).costNanoUsd, 40n)
  const { quoteOf: odd } = setUpClient({ price: (_, pages) => BigInt(pages), options: groups.confidence as Json })
  assert.equal((await odd(folder.write(['a', 'b']))).costNanoUsd, 6n)
})

test('a rule of auto mode that can take a page to a dearer tier is quoted as if it always did', async () => {
  const rule = { table_in_page: true, parsing_conf: { tier: 'agentic_plus', version: 'latest', extract_layout: true } }
  const options = { processing_options: { auto_mode_configuration: [rule] } }
  assert.equal((await setUpClient({ options }).quoteOf(folder.write(['a']))).costNanoUsd, 120_000_000n)
})

test('P6: a tier without a price is refused before the file is read', async () => {
  const countPages = async () => assert.fail('the file was read')
  const price = (tier: string, pages: number) => listPrice(`${tier} of tomorrow`, pages)
  await assert.rejects(setUpClient({ countPages, price }).quoteOf(folder.write(['a'])), { code: 'call_unpriceable' })
})

test('a file beyond 512 MB is refused, and what counting says of a broken one is said', async () => {
  const large = { ...folder.write(['a']), byteCount: 512 * 1024 * 1024 + 1 }
  await assert.rejects(setUpClient().quoteOf(large), { code: 'document_too_large' })
  const countPages = async () => Promise.reject(Object.assign(new Error('broken'), { code: 'document_corrupt' }))
  await assert.rejects(setUpClient({ countPages }).quoteOf(folder.write(['a'])), { code: 'document_corrupt' })
})

const refusedOptions: [name: string, options: Record<string, unknown>, message: RegExp][] = [
  ['pages beyond the document', { pages: '7-9' }, /none of the pages/],
  ['a range that goes back', { pages: '5-3' }, /1,3,5-8/],
  ['pages of a wrong form within options', { options: { page_ranges: { target_pages: 'x' } } }, /1,3,5-8/],
  ['max_pages that is no number', { options: { page_ranges: { max_pages: '9' } } }, /max_pages/],
  ['an odd version', { options: { version: 'a b' } }, /version/],
  ['a saved configuration, whose price is not known', { options: { configuration_id: 'x' } }, /configuration_id/],
  ['webhooks', { options: { webhook_configurations: [], webhook_configuration_ids: [] } }, /webhook_configurations/],
  ['tags and the cache', { options: { user_metadata: {}, disable_cache: true } }, /user_metadata, disable_cache/],
]
for (const [name, options, message] of refusedOptions) {
  test(`${name}: refused before anything is sent`, async () => {
    const client = setUpClient()
    const input = folder.write(['a'], options)
    await assert.rejects(client.quoteOf(input), { code: 'validation_failed', message })
    const quote = { units: 1, costNanoUsd: 1n, shadowNanoUsd: 1n }
    if (name !== 'pages beyond the document') await assert.rejects(client.submit(input, 'c', quote), { message })
    assert.equal(client.calls.length, 0)
  })
}

test('a missing key, a broken key and reserved fields of the server stop the start', () => {
  assert.throws(() => setUpClient({ apiKey: '' }), { code: 'provider_not_configured' })
  assert.throws(
    () => setUpClient({ apiKey: 'llx-secret\n' }),
    (error: Error) => !/secret/.test(error.message),
  )
  assert.throws(() => setUpClient({ options: { disable_cache: true } }), { code: 'configuration_invalid' })
})

test('page ranges: as a set of pages, whatever the order and however they overlap', () => {
  const pagesOf = (text: string | null) =>
    (text ?? '').split(',').flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    })
  let seed = 7
  const draw = (most: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return 1 + (seed % most)
  }
  for (let round = 0; round < 300; round++) {
    const parts = Array.from({ length: draw(6) }, () => {
      const first = draw(20)
      return draw(2) === 1 ? `${first}` : `${first}-${first + draw(5)}`
    })
    const wanted = [...new Set(pagesOf(parts.join(',')))].sort((a, b) => a - b)
    const ranges = readPageRanges(parts.join(','))
    assert.ok(ranges)
    assert.deepEqual(pagesOf(writeTargetPages(ranges, 1000)), wanted)
    const pageCount = draw(30)
    const there = wanted.filter(page => page <= pageCount)
    const count = countSelected({ ranges, maxPages: null }, pageCount)
    assert.equal(count, there.length)
    if (count > 0) assert.deepEqual(pagesOf(writeTargetPages(ranges, count)), there)
  }
})
