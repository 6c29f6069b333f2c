import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type CostQuery, type CostReport, costQuerySchema, costReportSchema } from '../../../contract/costs.ts'
import { type CsvFormat, callsCsv, sumsCsv } from '../../../ledger/cost-csv.ts'
import { costPeriod } from '../../../ledger/cost-period.ts'
import type { CostScope } from '../../../ledger/cost-scope.sql.ts'
import { listEntries } from '../../../ledger/list-entries.sql.ts'
import { sumAllBy, sumCosts, sumCostsBy } from '../../../ledger/sum-costs.sql.ts'
import type { Api } from '../api.ts'
import { chooseTenant } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function costRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/costs',
    {
      schema: {
        tags: ['Costs'],
        summary: 'What was paid, and what simulated calls would have cost',
        description:
          'Sums by what `by` lists, or with `by=call` the single entries of the books. Of your own tenant; an admin key may name another.',
        querystring: costQuerySchema,
        response: {
          200: {
            description: 'the costs',
            content: {
              'application/json': { schema: costReportSchema },
              'text/csv': { schema: z.string().describe('all rows, amounts in nano-dollars') },
            },
          },
          ...failureAnswers,
        },
      },
    },
    async (request, reply) => {
      const { query } = request
      const tenant = chooseTenant(request, query.tenant)
      const scope: CostScope = {
        ...costPeriod(query, Temporal.Now.instant()),
        tenantId: tenant === '*' ? null : tenant,
        documentId: query.document ?? null,
        timeZone: query.timeZone,
      }
      if (!wantsCsv(request, query)) return await readReport(api, tenant, scope, query)
      const lines = await startCsv(api, scope, query)
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="costs.csv"')
      return await reply.send(Readable.from(lines) as never)
    },
  )
}

function wantsCsv({ headers }: FastifyRequest, { format }: CostQuery): boolean {
  return format === undefined ? /\btext\/csv\b/.test(headers.accept ?? '') : format === 'csv'
}

async function readReport(api: Api, tenant: string, scope: CostScope, query: CostQuery): Promise<CostReport> {
  const { by } = query
  const { from, to, timeZone } = scope
  const head = { tenant, from: from.toISOString(), to: to.toISOString(), timeZone }
  // One snapshot: the rows must add up to the totals.
  return await api.database.snapshot(async session => {
    const whole = by === 'call' ? null : await sumAllBy(session, scope, by, query)
    if (by !== 'call' && whole) return { kind: 'sums', by, ...head, ...whole, nextCursor: null }
    const { totals, entries } = await sumCosts(session, scope)
    if (by === 'call') return { kind: 'calls', ...head, totals, ...(await listEntries(session, scope, query, entries)) }
    return { kind: 'sums', by, ...head, totals, ...(await sumCostsBy(session, scope, by, query, entries)) }
  })
}

async function startCsv(
  { database }: Api,
  scope: CostScope,
  { by, cursor }: CostQuery,
): Promise<AsyncIterable<string>> {
  if (by === 'call') return await csvLines(callsCsv(), cursor, page => listEntries(database, scope, page))
  return await csvLines(sumsCsv(by), cursor, page => database.snapshot(session => sumCostsBy(session, scope, by, page)))
}

/** All pages as lines; the first is read before anything is sent, so that its failure is answered as one. */
async function csvLines<Row>(
  format: CsvFormat<Row>,
  cursor: string | undefined,
  read: (page: { limit: number; cursor: string | undefined }) => Promise<{ rows: Row[]; nextCursor: string | null }>,
): Promise<AsyncIterable<string>> {
  const limit = 5_000
  let page = await read({ limit, cursor })
  return (async function* () {
    yield format.head + format.lines(page.rows)
    while (page.nextCursor !== null) {
      page = await read({ limit, cursor: page.nextCursor })
      yield format.lines(page.rows)
    }
  })()
}
