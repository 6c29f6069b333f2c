import type { Command } from 'commander'
import type { ReconcileWish } from '../../contract/reconciliation.ts'
import { printReconciliation } from '../costs/print-reconciliation.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { examples } from './examples.ts'

const wish = { workers: false, tenantDecidesNothing: true }

/** Adds `sluice costs reconcile`. `program` has the options that go for all commands. */
export function addReconcile(costs: Command, program: Command, programName: string, run: RunAction): void {
  costs
    .command('reconcile')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: () => [...program.options] })
    .summary('compare the books with what the providers report')
    .description(
      'Compares day by day (UTC) what the books say with the usage reports of the providers, and shows the drift. Needs the keys for ' +
        'the reports on the server: OPENAI_ADMIN_KEY, or LLAMA_CLOUD_API_KEY with LLAMA_CLOUD_ORGANIZATION_ID.',
    )
    .option('--first <day>', 'first day (default: 30 days ago)')
    .option('--last <day>', 'last day (default: today)')
    .option('--book', 'book the differences of days whose reports are final, as adjustments')
    .addHelpText(
      'after',
      examples(programName, [
        ['costs reconcile', 'only look'],
        ['costs reconcile --first 2026-11-01 --book', 'and correct the books'],
      ]),
    )
    .action((flags: Flags, command: Command) => run(command, invocation => reconcile(invocation, flags)))
}

interface Flags {
  first?: string
  last?: string
  book?: boolean
}

async function reconcile(invocation: Invocation, { first, last, book = false }: Flags): Promise<ExitCode> {
  const asked: ReconcileWish = { book, ...(first && { from: first }), ...(last && { to: last }) }
  const report = await useServer(invocation, wish, client => client.reconcile(asked))
  printResult(invocation, report, () => printReconciliation(invocation.out, report))
  return exitCodes.ok
}
