import { type Command, Option } from 'commander'
import { modes, type ServiceName, serviceNames } from '../../contract/provenance.ts'
import type { ModeList, PolicyStep, ServiceMode } from '../../contract/routing.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { examples } from './examples.ts'

interface SetFlags {
  policy?: string
  reason?: string
  force?: boolean
}

/** --tenant says whose mode is meant, which an admin key may switch; it does not choose the data. */
const wish = { workers: false, tenantDecidesNothing: true }

export function addMode(program: Command, programName: string, run: RunAction): void {
  const mode = program
    .command('mode')
    .summary('show and switch who does the work: local, mock, real or hybrid')
    .description('Shows in which mode each service is; `set` switches one, for the next decision, in all processes.')
  mode
    .command('list', { isDefault: true })
    .summary('list modes and policies')
    .description('Lists the modes of all tenants and of single ones, and the policies of mode hybrid.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => show(invocation, await useServer(invocation, wish, client => client.modes()))),
    )
  mode
    .command('set')
    .summary('switch a service to another mode')
    .description(
      'Switches `parse` to local, mock, real or hybrid, or `embed` to mock, real or hybrid; with --tenant for one tenant, otherwise for all ' +
        'that have no mode of their own. Work under way ends as it was routed.',
    )
    .argument('<service>', serviceNames.join(' or '))
    .argument('<mode>', modes.join(', '))
    .option('--policy <name>', 'of mode hybrid: local-first, balanced, quality, cheapest, private, or your own')
    .option('--reason <text>', 'why; it stays in the audit log')
    .addOption(new Option('--force', 'mock although this is production'))
    .addHelpText(
      'after',
      examples(programName, [
        ['mode set parse hybrid --policy balanced', 'easy pages here, scans and tables at LlamaParse'],
        ['mode set parse hybrid --policy private --tenant acme', "nothing of acme's leaves this machine"],
        ['mode set embed real --reason "go live"', 'real embeddings from now on'],
      ]),
    )
    .action((service: string, mode: string, flags: SetFlags, command: Command) =>
      run(command, async invocation => {
        const change = { mode, ...flags }
        const target = targetOf(invocation, service)
        return show(invocation, await useServer(invocation, wish, client => client.setMode(target, change)))
      }),
    )
  mode
    .command('reset')
    .summary('take a switched mode back')
    .description('Goes back to the mode of all, or to the configuration.')
    .argument('<service>', serviceNames.join(' or '))
    .action((service: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        const target = targetOf(invocation, service)
        return show(invocation, await useServer(invocation, wish, client => client.resetMode(target)))
      }),
    )
  mode
    .command('audit')
    .summary('who switched what, newest first')
    .description('Lists who changed what, when, from what to what, and why.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const { events } = await useServer(invocation, wish, client => client.audit())
        printResult(invocation, { events }, () =>
          printTable(
            invocation.out,
            [{ title: 'At' }, { title: 'Who' }, { title: 'Tenant' }, { title: 'What' }, { title: 'Details' }],
            events.map(event => [
              { text: formatTime(event.at) },
              { text: printable(event.actor) },
              { text: event.tenantId },
              { text: `${event.action} ${event.subject}` },
              { text: printable(detailWords(event.details)) },
            ]),
          ),
        )
        return exitCodes.ok
      }),
    )
}

function targetOf({ global }: Invocation, service: string): { tenantId: string; service: ServiceName } {
  return { tenantId: global.tenant ?? '*', service: service as ServiceName }
}

function detailWords({ from, to, policy, forced, reason }: Record<string, unknown>): string {
  const words = [
    `${from} → ${to}`,
    policy ? `policy ${policy}` : '',
    forced ? 'FORCED' : '',
    reason ? `“${reason}”` : '',
  ]
  return words.filter(word => word !== '').join(', ')
}

function show(invocation: Invocation, list: ModeList): ExitCode {
  printResult(invocation, list, () => printModes(invocation.out, list))
  return exitCodes.ok
}

function printModes(out: Terminal, { modes: all, policies, production }: ModeList): void {
  const { dim, yellow } = out.colors
  const columns = [{ title: 'Service' }, { title: 'For' }, { title: 'Mode' }, { title: 'Policy' }, { title: 'Since' }]
  printTable(out, columns, all.map(rowOf))
  if (production) out.line(dim('This is production: mode mock is refused unless forced.'))
  if (all.some(mode => mode.mode === 'mock' && production))
    out.line(yellow('SIMULATED IN PRODUCTION: somebody forced mode mock.'))
  out.line()
  for (const [name, steps] of Object.entries(policies))
    out.line(`${name.padEnd(12)} ${dim(steps.map(stepWords).join(', else '))}`)
}

function rowOf({ service, tenantId, mode, policy, origin, updatedAt, setBy }: ServiceMode) {
  const since = updatedAt === null ? origin : `${formatTime(updatedAt)}, by ${setBy}`
  return [
    { text: service },
    { text: tenantId === '*' ? 'all' : tenantId },
    { text: mode },
    { text: policy ?? '–' },
    { text: printable(since) },
  ]
}

function stepWords({ use, tier, pages, maxCostUsd }: PolicyStep): string {
  const who = use === 'local' ? 'this machine' : `the paid provider${tier ? ` (${tier})` : ''}`
  const which = pages ? ` for ${pages.join(', ')} pages` : ''
  return `${who}${which}${maxCostUsd ? ` up to $${maxCostUsd}` : ''}`
}
