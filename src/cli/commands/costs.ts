import type { Command } from 'commander'
import { z } from 'zod'
import { type CostReport, costKeys } from '../../contract/costs.ts'
import { printCosts } from '../costs/print-costs.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { CostWish, SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { wholeNumber } from './argument.ts'
import { addDoubts } from './doubts.ts'
import { examples } from './examples.ts'
import { addForecast } from './forecast.ts'
import { addReconcile } from './reconcile.ts'
import { documentIdOf, resolveId } from './resolve-id.ts'
import { addSimulate } from './simulate-costs.ts'

interface CostFlags {
  by?: string
  from?: string
  to?: string
  timeZone?: string
  document?: string
  limit?: number
  csv?: boolean
}

/** --tenant says whose costs are shown, which an admin key may see; it does not choose the data. */
const wish = { workers: false, tenantDecidesNothing: true }

export function addCosts(program: Command, programName: string, run: RunAction): void {
  const command = program
    .command('costs')
    .summary('show what was paid, and what simulated calls would have cost')
    .description(
      'Sums the costs of a period: the present month, if none is given. With --tenant, of another tenant or of all (*).',
    )
    .option('-b, --by <keys>', `sum by ${costKeys.join(', ')} (several with commas), or list each call`)
    .option('--from <time>', 'first day or moment')
    .option('--to <time>', 'last day, or the first moment after')
    .option('--time-zone <zone>', 'where days begin, e.g. Europe/Berlin (default: UTC)')
    .option('-d, --document <id>', 'only what this document cost')
    .option('-n, --limit <n>', 'at most so many rows (default: all; of calls the newest 50)', wholeNumber(1, 1_000_000))
    .option('--csv', 'print all rows as CSV, amounts in nano-dollars')
    .addHelpText(
      'after',
      examples(programName, [
        ['costs --by day,service', 'the present month, day by day'],
        ['costs --by call -d 5f0c2a', 'every call for one document'],
        ['costs --tenant "*" --by tenant --from 2026-01-01 --csv', 'all tenants, for a spreadsheet'],
      ]),
    )
    .action((flags: CostFlags, command: Command) => run(command, invocation => costs(invocation, flags)))
  addDoubts(command, program, programName, run)
  addForecast(command, program, run)
  addSimulate(command, program, programName, run)
  addReconcile(command, program, programName, run)
}

async function costs(invocation: Invocation, flags: CostFlags): Promise<ExitCode> {
  return useServer(invocation, wish, async client => {
    const { by, from, to, timeZone } = flags
    const document = flags.document && (await documentIdFor(client, flags.document))
    const query = { by, from, to, timeZone, document, tenant: invocation.global.tenant }
    if (flags.csv) {
      await client.costsCsv(query, invocation.out.write)
      return exitCodes.ok
    }
    const limit = flags.limit ?? (by === 'call' ? 50 : Number.POSITIVE_INFINITY)
    const report = await collect(client, query, limit)
    printResult(invocation, report, () => printCosts(invocation.out, report))
    if (report.nextCursor !== null) invocation.err.line(`the first ${limit} rows; more with --limit or --csv`)
    return exitCodes.ok
  })
}

/** A whole id is taken as it is: costs stay when their document is deleted, and it may be another tenant's. */
async function documentIdFor(client: SluiceClient, given: string): Promise<string> {
  return z.uuid().safeParse(given).success ? given : documentIdOf(await resolveId(client, given))
}

/** Asks page after page for `limit` rows. */
async function collect(client: SluiceClient, query: CostWish, limit: number): Promise<CostReport> {
  const page = (rows: number, cursor?: string) =>
    client.costs({ ...query, limit: Math.min(10_000, limit - rows), cursor })
  const report = await page(0)
  while (report.nextCursor !== null && report.rows.length < limit) {
    const next = await page(report.rows.length, report.nextCursor)
    if (report.kind === 'sums' && next.kind === 'sums') report.rows.push(...next.rows)
    if (report.kind === 'calls' && next.kind === 'calls') report.rows.push(...next.rows)
    report.nextCursor = next.nextCursor
  }
  return report
}
