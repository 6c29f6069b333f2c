import type { Command } from 'commander'
import { printSimulation } from '../costs/print-simulation.ts'
import { readPriceFile } from '../costs/read-price-file.fs.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { collected } from './argument.ts'
import { examples } from './examples.ts'

const wish = { workers: false, tenantDecidesNothing: true }

interface Flags {
  budget?: string[]
  prices?: string
  first?: string
  last?: string
  zone?: string
}

/** Adds `sluice costs simulate`. `program` has the options that go for all commands. */
export function addSimulate(costs: Command, program: Command, programName: string, run: RunAction): void {
  costs
    .command('simulate')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: () => [...program.options] })
    .summary('replay past calls against other budgets or prices')
    .description(
      'Says what would have waited, been refused or cost something else, had there been these budgets or this price list. Nothing is changed. ' +
        'With --tenant, of another tenant or of all (*).',
    )
    .option('--budget <words>', 'as `budgets set` takes it, e.g. "$5/day service=parse"; can be repeated', collected)
    .option('--prices <file>', 'a price list as SLUICE_PRICE_LIST has it; it alone prices the calls')
    .option('--first <time>', 'first day or moment (default: the first of the month)')
    .option('--last <time>', 'last day, or the first moment after (default: now)')
    .option('--zone <zone>', 'where days begin, e.g. Europe/Berlin (default: UTC)')
    .addHelpText(
      'after',
      examples(programName, [
        ['costs simulate --budget "$5/day service=parse"', 'would that have been enough?'],
        ['costs simulate --budget "$2/day money=shadow"', 'the same for a rehearsal in mock mode'],
        ['costs simulate --prices offer.json --first 2026-10-01', 'what would it have cost elsewhere?'],
      ]),
    )
    .action((flags: Flags, command: Command) => run(command, invocation => simulate(invocation, flags)))
}

async function simulate(invocation: Invocation, flags: Flags): Promise<ExitCode> {
  const { budget: budgets = [], prices, first: from, last: to, zone: timeZone } = flags
  const list = prices === undefined ? undefined : await readPriceFile(prices, invocation.io.workingDirectory)
  const { tenant } = invocation.global
  const asked = { budgets, prices: list, from, to, timeZone, tenant }
  const simulation = await useServer(invocation, wish, client => client.simulateCosts(asked))
  printResult(invocation, simulation, () => printSimulation(invocation.out, simulation))
  return exitCodes.ok
}
