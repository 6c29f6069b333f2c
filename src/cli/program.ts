import { Command } from 'commander'
import type { CliIo } from './cli-io.ts'
import { addAlerts } from './commands/alerts.ts'
import { addBudgets } from './commands/budgets.ts'
import { addCancel, addDelete, addReprocess, addRetry } from './commands/change.ts'
import { addCompare } from './commands/compare.ts'
import { addCosts } from './commands/costs.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDrill } from './commands/drill.ts'
import { addEvents } from './commands/events.ts'
import { addExplain } from './commands/explain.ts'
import { addIngest } from './commands/ingest.ts'
import { addKeys } from './commands/keys.ts'
import { addDocuments, addJobs } from './commands/lists.ts'
import { addMode } from './commands/mode.ts'
import { addPrices } from './commands/prices.ts'
import { addProviders } from './commands/providers.ts'
import { addQuote } from './commands/quote.ts'
import { addReembed, addSpaces } from './commands/reembed.ts'
import { addRollback } from './commands/rollback.ts'
import { addSearch } from './commands/search.ts'
import { addServe } from './commands/serve.ts'
import { addShow } from './commands/show.ts'
import { addSimulate } from './commands/simulate.ts'
import { addWebhooks } from './commands/webhooks.ts'
import type { RunAction } from './invocation.ts'
import { openTerminal } from './text/terminal.ts'

/** The commands with their options and help. Wrong usage is printed to stderr and thrown as a CommanderError. */
export function buildProgram(io: CliIo, run: RunAction): Command {
  const program = new Command('sluice')
  const name = io.programName
  program
    .description('Documents in, searchable vectors out, and never a cent over budget.')
    .version(io.version, '-V, --version', 'print the version')
    .option('--json', 'print the result as JSON on stdout; all else goes to stderr')
    .option('--data-dir <dir>', 'where the data lies (SLUICE_DATA_DIR; default ./.sluice)')
    .option('--url <url>', 'talk to the server at this address (SLUICE_URL)')
    .option('--api-key <key>', 'the key to show to the server (SLUICE_API_KEY)')
    .option('--tenant <tenant>', 'whose data, when no server runs (default: default)')
    .option('--no-color', 'without colours (NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputOf(io))
    .exitOverride()
    .showHelpAfterError('what to do: look at --help')
    .addHelpText('after', afterHelp(name))
  addDemo(program, name, run)
  addIngest(program, name, run)
  addQuote(program, name, run)
  addSearch(program, name, run)
  addSpaces(program, run)
  addReembed(program, name, run)
  addDocuments(program, name, run)
  addJobs(program, name, run)
  addShow(program, name, run)
  addCancel(program, run)
  addRetry(program, run)
  addReprocess(program, name, run)
  addRollback(program, name, run)
  addDelete(program, run)
  addCompare(program, name, run)
  addExplain(program, name, run)
  addMode(program, name, run)
  addProviders(program, name, run)
  addEvents(program, name, run)
  addCosts(program, name, run)
  addPrices(program, run)
  addBudgets(program, name, run)
  addAlerts(program, name, run)
  addKeys(program, name, run)
  addWebhooks(program, name, run)
  addDoctor(program, run)
  addServe(program, io)
  addSimulate(program, io)
  addDrill(program, name, run)
  return program
}

function outputOf({ stdout, stderr, env }: CliIo) {
  const colored = (stream: CliIo['stdout']) => openTerminal(stream, true, env).colors.isColorSupported
  return {
    writeOut: (text: string) => void stdout.write(text),
    writeErr: (text: string) => void stderr.write(text),
    getOutHelpWidth: () => stdout.columns ?? 100,
    getErrHelpWidth: () => stderr.columns ?? 100,
    getOutHasColors: () => colored(stdout),
    getErrHasColors: () => colored(stderr),
  }
}

function afterHelp(name: string): string {
  return `
Without --url, a server that runs on the data directory is used; without one, the work is done in this process.

Exit codes:
  0  all good                       3  no server, or no access to it
  1  something failed               4  not found
  2  wrong usage                    5  documents wait, e.g. for money of a budget
                                    130  interrupted

Examples:
  $ ${name} demo
  $ ${name} ingest docs/ report.pdf
  $ ${name} search "why did the water taste of earth"`
}
