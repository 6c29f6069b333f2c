import type { Command } from 'commander'
import { budgetName } from '../budgets/budget-words.ts'
import { findBudget } from '../budgets/find-budget.ts'
import { printBudgets, printSetBudget, wokenLine } from '../budgets/print-budgets.ts'
import { type BudgetFlags, readWish } from '../budgets/read-wish.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { examples } from './examples.ts'

/** --tenant says whose budget is meant, which an admin key may change; it does not choose the data. */
const wish = { workers: false, tenantDecidesNothing: true }

export function addBudgets(program: Command, programName: string, run: RunAction): void {
  const budgets = program
    .command('budgets')
    .summary('list and set budgets')
    .description('Budgets are caps on what may be spent; without a subcommand, they are listed.')
  budgets
    .command('list', { isDefault: true })
    .summary('list budgets with what is spent, held, left and waiting')
    .description('Lists budgets with their present windows; with --tenant those that cover this tenant.')
    .action((_flags: object, command: Command) => run(command, list))
  addSet(budgets, programName, run)
  budgets
    .command('remove')
    .summary('remove a budget')
    .description('Removes a budget. What was spent stays in the books; jobs that wait for it go on.')
    .argument('<id>', 'as `budgets` lists it; --tenant says whose, if several have it')
    .action((id: string, _flags: object, command: Command) => run(command, invocation => remove(invocation, id)))
}

function addSet(budgets: Command, programName: string, run: RunAction): void {
  budgets
    .command('set')
    .summary('set a budget, or change one')
    .description(
      'Sets a budget: an amount with a period, then what it covers. An id instead of an amount changes that budget and keeps the ' +
        'rest of it. Options win over words. With --tenant for one tenant, otherwise for all together (*).',
    )
    .argument('[words...]', "'$5/day service=parse tenant=acme', or the id of a budget")
    .option('--cap <dollars>', 'the most that may be spent in each window')
    .option('--per <period>', 'hour, day, week, month or total')
    .option('--service <service>', 'only this service: parse or embed')
    .option('--provider <provider>', 'only this provider, e.g. llamaparse')
    .option('--key <id>', 'only what is uploaded with this API key')
    .option('--tag <tag>', 'only documents with this tag')
    .option('--time-zone <zone>', 'where windows begin, e.g. Europe/Berlin (default: UTC)')
    .option('--policy <policy>', 'what becomes of work that does not fit: defer (default), reject or fallback')
    .option('--alerts <percents>', 'when to alert (default: 50,80,95,100)')
    .option('--shadow', 'count what the real providers would have charged: a rehearsal in mock mode')
    .option('--no-shadow', 'count what is paid')
    .option('--id <id>', 'name of a new budget (default: after what it covers)')
    .addHelpText(
      'after',
      examples(programName, [
        ["budgets set '$5/day service=parse zone=Europe/Berlin'", 'for all tenants together'],
        ['budgets set --cap 20 --per month --tenant acme --policy reject --id acme-month', 'the same in options'],
        ['budgets set parse-day --cap 10', 'change the cap and nothing else'],
      ]),
    )
    .action((words: string[], flags: BudgetFlags, command: Command) =>
      run(command, invocation => set(invocation, words.join(' ').split(/\s+/).filter(Boolean), flags)),
    )
}

async function list(invocation: Invocation): Promise<ExitCode> {
  const { out, io, global } = invocation
  const all = await useServer(invocation, wish, client => client.budgets())
  const budgets = all.budgets.filter(budget => covers(budget, global.tenant))
  printResult(invocation, { budgets }, () => printBudgets(out, budgets, io.programName))
  return exitCodes.ok
}

/** What covers all tenants together covers each. */
function covers({ tenantId }: { tenantId: string }, wanted: string | undefined): boolean {
  return wanted === undefined || tenantId === '*' || tenantId === wanted
}

async function set(invocation: Invocation, words: readonly string[], flags: BudgetFlags): Promise<ExitCode> {
  const { before, budget } = await useServer(invocation, wish, async client => {
    const present = (await client.budgets()).budgets
    const wanted = readWish(words, flags, invocation.global.tenant, present)
    const isSame = (b: typeof wanted) => b.tenantId === wanted.tenantId && b.budgetId === wanted.budgetId
    return { before: present.find(isSame), budget: await client.setBudget(wanted) }
  })
  const woken = Math.max(0, (before?.waitingJobs ?? 0) - budget.waitingJobs)
  printResult(invocation, budget, () => printSetBudget(invocation.out, budget, woken))
  return exitCodes.ok
}

async function remove(invocation: Invocation, id: string): Promise<ExitCode> {
  const { out, global } = invocation
  const budget = await useServer(invocation, wish, async client => {
    const found = findBudget((await client.budgets()).budgets, id, global.tenant)
    await client.removeBudget(found)
    return found
  })
  const { tenantId, budgetId, waitingJobs } = budget
  printResult(invocation, { removed: { tenantId, budgetId } }, () => {
    out.line(`removed ${budgetName(budget)}; what was spent stays in the books`)
    if (waitingJobs > 0) out.line(wokenLine(waitingJobs))
  })
  return exitCodes.ok
}
