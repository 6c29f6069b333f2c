import type { Command } from 'commander'
import { printForecast } from '../costs/print-forecast.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'

const wish = { workers: false, tenantDecidesNothing: true }

/** Adds `sluice costs forecast`. `program` has the options that go for all commands. */
export function addForecast(costs: Command, program: Command, run: RunAction): void {
  costs
    .command('forecast')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: () => [...program.options] })
    .summary('say what the month and each budget will have cost at the end')
    .description(
      'Forecasts the present month and the present window of each budget from up to 182 past days, with the interval that should hold four ' +
        'times in five. With --tenant, of another tenant or of all (*).',
    )
    .option('--zone <zone>', 'where the month begins, e.g. Europe/Berlin (default: UTC)')
    .action((flags: { zone?: string }, command: Command) => run(command, invocation => forecast(invocation, flags)))
}

async function forecast(invocation: Invocation, { zone }: { zone?: string }): Promise<ExitCode> {
  const query = { timeZone: zone, tenant: invocation.global.tenant }
  const report = await useServer(invocation, wish, client => client.forecast(query))
  printResult(invocation, report, () => printForecast(invocation.out, report))
  return exitCodes.ok
}
