import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testIo } from '../src/cli/__fixtures__/test-io.ts'
import { runCli } from '../src/cli/run-cli.ts'
import type { CostReport, CostRow } from '../src/contract/costs.ts'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import { onBothDatabases } from './harness/databases.ts'
import { apiKey, type Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

type Sums = Extract<CostReport, { kind: 'sums' }>
type Calls = Extract<CostReport, { kind: 'calls' }>

onBothDatabases('costs', createPlace => {
  const sluice = useSluice(createPlace)
  let acme: Client
  let first: DocumentDetail
  let second: DocumentDetail

  async function costs<Report = Sums>(client: Client, query: string): Promise<Report> {
    const { status, body } = await client.request<Report>('GET', `/v1/costs?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  async function exported(query: string, headers: Record<string, string> = {}): Promise<string> {
    const authorization = `Bearer ${apiKey}`
    const response = await fetch(`${sluice().server.url}/v1/costs?${query}`, { headers: { authorization, ...headers } })
    assert.match(response.headers.get('content-type') ?? '', /^text\/csv/)
    return await response.text()
  }

  /** Books calls of the tenant at these times, each for one nano-dollar. */
  async function book(tenantId: string, ...times: string[]): Promise<void> {
    await sluice().sql(
      `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, service, provider, model, mode, simulated, reasons, purpose,
         units, cost_nano_usd, shadow_nano_usd, at, booked_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), 'embed', 'openai', 'm', 'real', false, '{}', 'ingest', 10, 1, 2, t, t
       FROM unnest($2::timestamptz[]) AS t`,
      [tenantId, times],
    )
  }

  before(async () => {
    acme = await sluice().clientOf('acme')
    first = await acme.ingest('first.md', '# Pumps\n\nThe centrifugal pump lifts water to the reservoir.\n')
    second = await acme.ingest('second.md', '# Valves\n\nA butterfly valve closes the main.\n')
    assert.deepEqual([first.job.state, second.job.state], ['succeeded', 'succeeded'])
    await acme.search('which pump lifts water')
  })

  test('the present month, by service: pages and tokens, nothing paid, and what the real services would have cost', async () => {
    const { rows, totals, from, to } = await costs(acme, 'by=service')
    const [embed, parse] = rows
    assert.deepEqual([embed?.service, parse?.service, rows.length], ['embed', 'parse', 2])
    assert.deepEqual([parse?.units, parse?.calls, parse?.simulatedCalls], [{ pages: '2', tokens: '0' }, 2, 0])
    assert.equal(parse?.shadowNanoUsd, String(2 * 3_750_000), 'two pages at the tier cost_effective')
    assert.equal(embed?.shadowNanoUsd, String(20n * BigInt(embed?.units.tokens ?? 0)), '$0.02 for a million tokens')
    assert.equal(embed?.calls, embed?.simulatedCalls)
    assert.equal(totals.costNanoUsd, '0')
    assert.equal(BigInt(totals.shadowNanoUsd), shadowOf(rows))
    const now = new Date().toISOString()
    assert.ok(from <= now && now < to && from.endsWith('-01T00:00:00.000Z') && to.endsWith('-01T00:00:00.000Z'))
  })

  test('P5: the query of a search is booked too, under the purpose search', async () => {
    const { rows } = await costs(acme, 'by=purpose,service')
    const search = rows.find(row => row.purpose === 'search') ?? assert.fail('no row for searches')
    assert.deepEqual([search.service, search.calls, search.units.pages], ['embed', 1, '0'])
    assert.ok(BigInt(search.shadowNanoUsd) > 0n)
  })

  test('by document: each cost as the document itself shows it, and the searches under none', async () => {
    const { rows, totals } = await costs(acme, 'by=document')
    for (const document of [first, second]) {
      const row = rows.find(one => one.documentId === document.documentId) ?? assert.fail('a document is missing')
      assert.equal(row.fileName, document.fileName)
      assert.equal(BigInt(row.shadowNanoUsd), shadowOf(document.costs))
    }
    assert.equal(rows.filter(row => row.documentId === null).length, 1)
    assert.equal(shadowOf(rows), BigInt(totals.shadowNanoUsd))
  })

  test('by call: every entry with document, job, provider and reasons, page by page, adds up to the total', async () => {
    const entries: Calls['rows'] = []
    let cursor: string | null = ''
    let totals: Calls['totals'] | undefined
    while (cursor !== null) {
      const page: Calls = await costs<Calls>(acme, `by=call&limit=2${cursor && `&cursor=${cursor}`}`)
      assert.ok(page.rows.length <= 2)
      entries.push(...page.rows)
      cursor = page.nextCursor
      totals = page.totals
    }
    assert.equal(new Set(entries.map(entry => entry.entryId)).size, entries.length)
    assert.equal(shadowOf(entries), BigInt(totals?.shadowNanoUsd ?? -1))
    assert.deepEqual(
      entries.map(entry => entry.at),
      entries
        .map(entry => entry.at)
        .toSorted()
        .reverse(),
    )
    const parse = entries.find(entry => entry.documentId === first.documentId && entry.service === 'parse')
    assert.equal(parse?.jobId, first.job.jobId)
    assert.deepEqual([parse?.provider, parse?.units, parse?.unit, parse?.fileName], ['local', '1', 'page', 'first.md'])
    assert.ok((parse?.reasons.length ?? 0) > 0, 'the entry says why this provider was chosen')
    const ofSecond = await costs<Calls>(acme, `by=call&document=${second.documentId}`)
    assert.ok(ofSecond.rows.length >= 2 && ofSecond.rows.every(entry => entry.documentId === second.documentId))
  })

  test('rows come page by page too, and together are all rows', async () => {
    const all = await costs(acme, 'by=document,service')
    const paged: CostRow[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Sums = await costs(acme, `by=document,service&limit=1${cursor && `&cursor=${cursor}`}`)
      assert.deepEqual([page.rows.length, page.totals], [1, all.totals])
      paged.push(...page.rows)
      cursor = page.nextCursor
    }
    assert.deepEqual(paged, all.rows)
    const other = await acme.request('GET', '/v1/costs?by=service&cursor=WyJhIiwiYiJd')
    assert.equal(other.status, 400, 'a cursor of other keys')
  })

  test('P7: days begin at midnight of the time zone, on the days of 23 and 25 hours too', async () => {
    const dst = await sluice().clientOf('dst')
    await book(
      'dst',
      ...['2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00Z'],
      ...['2026-10-24T21:59:59.999Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00Z'],
    )
    const days = async (query: string) =>
      Object.fromEntries((await costs(dst, `by=day&${query}`)).rows.map(row => [row.day, row.calls]))
    const whole = 'from=2026-01-01&to=2026-12-31'
    assert.deepEqual(await days(`${whole}&timeZone=Europe/Berlin`), {
      '2026-03-28': 1,
      '2026-03-29': 2,
      '2026-03-30': 1,
      '2026-10-24': 1,
      '2026-10-25': 2,
      '2026-10-26': 1,
    })
    assert.deepEqual(await days(whole), { '2026-03-28': 2, '2026-03-29': 2, '2026-10-24': 2, '2026-10-25': 2 })
    assert.deepEqual(await days('from=2026-03-29&to=2026-03-29&timeZone=Europe/Berlin'), { '2026-03-29': 2 })
    assert.deepEqual(await days('from=2026-10-25&to=2026-10-25&timeZone=Europe/Berlin'), { '2026-10-25': 2 })

    await book('dst', '2027-03-14T04:59:59Z', '2027-03-14T05:00:00Z', '2027-03-15T03:59:59Z', '2027-03-15T04:00:00Z')
    const newYork = 'from=2027-03-14&to=2027-03-14&timeZone=America/New_York'
    const asTimes = 'from=2027-03-14T00:00:00-05:00&to=2027-03-15T00:00:00-04:00&timeZone=America/New_York'
    for (const query of [newYork, asTimes]) assert.deepEqual(await days(query), { '2027-03-14': 2 })
  })

  test('money is exact where a float would not be', async () => {
    const rich = await sluice().clientOf('rich')
    await book('rich', '2026-05-05T00:00:00Z', '2026-05-05T00:00:00Z')
    await sluice().sql(
      `UPDATE sluice.ledger_entries SET cost_nano_usd = 9007199254740993, units = 9007199254740993 WHERE tenant_id = 'rich'`,
    )
    const { totals } = await costs(rich, 'by=day&from=2026-05-05&to=2026-05-05')
    assert.deepEqual([totals.costNanoUsd, totals.units.tokens], ['18014398509481986', '18014398509481986'])
  })

  test('I30: a tenant sees its own costs; an admin key sees those of one tenant, or of all', async () => {
    const stranger = await sluice().clientOf('stranger')
    assert.deepEqual((await costs(stranger, 'by=tenant')).rows, [])
    assert.equal((await costs<Calls>(stranger, `by=call&document=${first.documentId}`)).rows.length, 0)
    for (const tenant of ['acme', '*']) {
      const refused = await stranger.request<{ code: string }>('GET', `/v1/costs?tenant=${tenant}`)
      assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
    }
    assert.equal((await stranger.request('GET', '/v1/costs?tenant=stranger')).status, 200)
    const admin: Client = sluice()
    const own = await costs(acme, 'by=service')
    assert.deepEqual((await costs(admin, 'by=service&tenant=acme')).rows, own.rows)
    const all = await costs(admin, 'by=tenant&tenant=*')
    assert.equal(all.rows.find(row => row.tenantId === 'acme')?.shadowNanoUsd, own.totals.shadowNanoUsd)
    assert.equal(all.tenant, '*')
  })

  test('CSV: by parameter or Accept header, all rows, quoted', async () => {
    await acme.ingest('=cmd(),1.md', '# Sheet\n\nWhat a spreadsheet must not run.\n')
    const bySheet = lines(await exported('by=document,service&tenant=acme&format=csv&limit=1'))
    const amounts = 'costNanoUsd,shadowNanoUsd,heldNanoUsd,inDoubtNanoUsd,avoidedNanoUsd,avoidedShadowNanoUsd'
    assert.equal(bySheet[0], `documentId,fileName,service,calls,simulatedCalls,pages,tokens,${amounts}`)
    assert.equal(bySheet.length, 1 + (await costs(acme, 'by=document,service')).rows.length)
    assert.ok(
      bySheet.some(line => line.includes(`,"'=cmd(),1.md",embed,`)),
      bySheet.join('\n'),
    )
    const calls = lines(await exported('by=call&tenant=acme', { accept: 'text/csv' }))
    assert.match(calls[0] ?? '', /^at,bookedAt,tenantId,entryId,callId,kind,.*,reasons$/)
    assert.equal(calls.length, 1 + (await costs<Calls>(acme, 'by=call')).rows.length)
  })

  test('sluice costs prints the same, and with --csv exactly what the server exports', async () => {
    const run = async (...argv: string[]) => {
      const { io, written } = testIo()
      const exitCode = await runCli([...argv, '--url', sluice().server.url, '--api-key', apiKey], io)
      assert.equal(exitCode, 0, written.stderr)
      return written.stdout
    }
    const table = await run('costs', '--by', 'purpose', '--tenant', 'acme')
    assert.match(table, /Costs of tenant acme/)
    assert.match(table, /\nsearch +1 +0 /)
    assert.match(table, /simulated: no provider was called, nothing was paid/)
    const csv = await run('costs', '--by', 'document', '--tenant', 'acme', '--csv')
    assert.equal(csv, await exported('by=document&tenant=acme&format=csv'))
  })

  test('the costs of a deleted document stay, without its name', async () => {
    const admin: Client = sluice()
    const { documentId, costs: booked } = await admin.ingest('gone.md', '# Gone\n\nThis document will be deleted.\n')
    await admin.request('DELETE', `/v1/documents/${documentId}`)
    const { rows } = await costs(admin, `by=document&document=${documentId}`)
    assert.deepEqual(
      rows.map(row => [row.documentId, row.fileName, BigInt(row.shadowNanoUsd)]),
      [[documentId, null, shadowOf(booked)]],
    )
    const { io, written } = testIo()
    await runCli(['costs', '--by', 'call', '-d', documentId, '--url', sluice().server.url, '--api-key', apiKey], io)
    assert.match(written.stdout, new RegExp(`${documentId} .*local costs nothing`))
  })

  test('what cannot be meant is refused with the field that is wrong', async () => {
    const wrong = {
      'by=colour': /by: "colour" is none of day, service/,
      'by=day,call': /by: "call" is none of/,
      'timeZone=Mars/Olympus': /timeZone: an IANA time zone/,
      'timeZone=%2B02:00': /timeZone: an IANA time zone/,
      'from=yesterday': /from: a day like/,
      'from=2026-05-02&to=2026-05-01': /period ends .* before it begins/,
      'to=9999-12-31': /to: a year from/,
      'by=call&cursor=x': /cursor/,
      'limit=0': /limit/,
    }
    for (const [query, detail] of Object.entries(wrong)) {
      const { status, body } = await acme.request<{ detail: string }>('GET', `/v1/costs?${query}`)
      assert.equal(status, 400, query)
      assert.match(body.detail, detail)
    }
  })
})

const lines = (csv: string) => csv.trimEnd().split('\r\n')

function shadowOf(rows: readonly { shadowNanoUsd: string }[]): bigint {
  return rows.reduce((total, row) => total + BigInt(row.shadowNanoUsd), 0n)
}
