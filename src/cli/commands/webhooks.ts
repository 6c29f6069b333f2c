import type { Command } from 'commander'
import type { WebhookStatus, WebhookTest } from '../../contract/webhook.ts'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { counted, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { examples } from './examples.ts'

const wish = { workers: false, tenantDecidesNothing: true }

export function addWebhooks(program: Command, programName: string, run: RunAction): void {
  const webhooks = program
    .command('webhooks')
    .summary('show and test how webhooks are received')
    .description('Webhooks of LlamaParse; without a subcommand, they are shown. Needs an admin key.')
  webhooks
    .command('show', { isDefault: true })
    .summary('show the address, the last event and what was refused')
    .description('Shows where webhooks are sent to, the last event that came, and what was refused in the last day.')
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const status = await useServer(invocation, wish, client => client.webhooks())
        printResult(invocation, status, () => printStatus(invocation.out, status))
        return exitCodes.ok
      }),
    )
  webhooks
    .command('test')
    .summary('send a sample to the public address')
    .description('Lets the server send a signed sample to its public address. Exit code 1 when it does not arrive.')
    .addHelpText('after', examples(programName, [['webhooks test', 'goes out and comes in again']]))
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const result = await useServer(invocation, wish, client => client.testWebhooks())
        printResult(invocation, result, () => printTest(invocation.out, result))
        return result.arrived ? exitCodes.ok : exitCodes.somethingFailed
      }),
    )
}

function printStatus(out: Terminal, { provider, url, secretCount, lastEvent, refused }: WebhookStatus): void {
  const fields = [
    ['provider', printable(provider)],
    ['address', url === null ? 'none: set SLUICE_PUBLIC_URL, until then the provider is asked' : printable(url)],
    [
      'secrets',
      secretCount === 0 ? 'none: set SLUICE_WEBHOOK_SECRETS, until then all is refused' : String(secretCount),
    ],
    ['last event', lastEvent ? `${printable(lastEvent.eventType)} at ${formatTime(lastEvent.receivedAt)}` : 'none'],
  ]
  for (const [name = '', value] of fields) out.line(`${name.padEnd(10)}  ${value}`)
  out.line()
  if (refused.length === 0) {
    out.line('nothing was refused in the last day')
    return
  }
  const columns = [
    { title: 'Refused in the last day' },
    { title: 'Count', align: 'right' as const },
    { title: 'Last' },
    { title: 'From' },
  ]
  const rows = refused.map(r => [
    { text: r.reason.replaceAll('_', ' ') },
    { text: String(r.count) },
    { text: formatTime(r.lastAt) },
    { text: printable(r.lastAddress) },
  ])
  printTable(out, columns, rows)
}

function printTest(out: Terminal, { url, status, milliseconds, arrived, failure }: WebhookTest): void {
  const { green, red } = out.colors
  out.line(`sent to ${printable(url)}`)
  const answer = failure === null ? `answered with ${status}` : `no answer: ${printable(failure)}`
  out.line(`${answer}, after ${counted(milliseconds, 'millisecond')}`)
  out.line(arrived ? green('it arrived here') : red('it did not arrive here'))
}
