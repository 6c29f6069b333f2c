import type { Command } from 'commander'
import { type AlertKind, alertKinds } from '../../contract/alert-kind.ts'
import {
  deliveryStates,
  type Receiver,
  type ReceiverChange,
  type ReceiverKind,
  receiverKinds,
} from '../../contract/alert-receiver.ts'
import { askAboutAlerts } from '../alerts/ask-about-alerts.ts'
import { printDeliveries, printReceivers, printTest } from '../alerts/print-receivers.ts'
import { exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { counted } from '../text/amounts.ts'
import { wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

interface TellFlags {
  name?: string
  only?: string[]
}

export function addAlertReceivers(alerts: Command, programName: string, run: RunAction): void {
  addTell(alerts, programName, run)
  addReceiverList(alerts, run)
  addReceiverChanges(alerts, run)
  addReceiverActs(alerts, run)
}

const kindList = (text: string, before: string[] = []) => [...before, ...text.split(',').map(kind => kind.trim())]

const showReceivers = ({ receivers }: { receivers: readonly Receiver[] }, { out }: Invocation) =>
  printReceivers(out, receivers)

function addTell(alerts: Command, programName: string, run: RunAction): void {
  alerts
    .command('tell')
    .summary('tell alerts to a webhook, a Slack channel or a mail address')
    .description(
      'From now on alerts go there too: with --tenant those of one tenant, otherwise of all. The secret that webhooks are signed with ' +
        '(Standard Webhooks) goes to stdout, once.',
    )
    .argument('<by>', receiverKinds.join(', '))
    .argument('<address>', 'an https address, or a mail address')
    .option('--name <name>', 'what you call it')
    .option('--only <kinds>', `only these: ${alertKinds.join(', ')}`, kindList)
    .addHelpText(
      'after',
      examples(programName, [
        ['alerts tell slack https://hooks.slack.com/services/T0/B0/x', 'a channel'],
        ['alerts tell email ops@example.com --only disk_full,budget_exhausted', 'the worst, by mail'],
      ]),
    )
    .action((kind: string, address: string, flags: TellFlags, command: Command) =>
      askAboutAlerts(run, command, {
        ask: (client, { global }) =>
          client.createAlertReceiver({
            kind: kind as ReceiverKind,
            address,
            name: flags.name ?? kind,
            alertKinds: (flags.only ?? null) as AlertKind[] | null,
            ...(global.tenant !== undefined && { tenantId: global.tenant }),
          }),
        show({ secret, receiverId }, { out, err }) {
          if (secret !== null) out.line(secret)
          err.line(`receiver ${receiverId}; try it: ${programName} alerts test ${receiverId}`)
        },
      }),
    )
}

function addReceiverList(alerts: Command, run: RunAction): void {
  alerts
    .command('receivers')
    .summary('list who is told')
    .action((_flags: object, command: Command) =>
      askAboutAlerts(run, command, { ask: client => client.alertReceivers(), show: showReceivers }),
    )
}

function addReceiverChanges(alerts: Command, run: RunAction): void {
  alerts
    .command('change')
    .summary('rename a receiver, choose its alerts, switch it on or off')
    .argument('<receiver>', 'its id')
    .option('--name <name>', 'what you call it')
    .option('--only <kinds>', 'only these; `all`: all', kindList)
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')
    .action((id: string, flags: TellFlags & { on?: boolean; off?: boolean }, command: Command) => {
      const change: ReceiverChange = {
        ...(flags.name !== undefined && { name: flags.name }),
        ...(flags.only && { alertKinds: flags.only[0] === 'all' ? null : (flags.only as AlertKind[]) }),
        ...((flags.on || flags.off) && { isOn: !flags.off }),
      }
      return askAboutAlerts(run, command, {
        ask: client => client.changeAlertReceiver(id, change),
        show: showReceivers,
      })
    })
  alerts
    .command('secret')
    .summary('give a webhook a new secret')
    .description('For a day deliveries are signed with both. The new one goes to stdout, once.')
    .argument('<receiver>', 'its id')
    .action((id: string, _flags: object, command: Command) =>
      askAboutAlerts(run, command, {
        ask: client => client.renewAlertSecret(id),
        show: ({ secret }, { out }) => out.line(secret ?? ''),
      }),
    )
}

function addReceiverActs(alerts: Command, run: RunAction): void {
  alerts
    .command('test')
    .summary('send a test to a receiver')
    .description('Sends a test now. Exit code 1 when it is not taken.')
    .argument('<receiver>', 'its id')
    .action((id: string, _flags: object, command: Command) =>
      askAboutAlerts(run, command, {
        ask: client => client.testAlertReceiver(id),
        show: (sent, { out }) => printTest(out, sent),
        exitCode: ({ ok }) => (ok ? exitCodes.ok : exitCodes.somethingFailed),
      }),
    )
  alerts
    .command('forget')
    .summary('tell a receiver no more')
    .argument('<receiver>', 'its id')
    .action((id: string, _flags: object, command: Command) =>
      askAboutAlerts(run, command, { ask: client => client.removeAlertReceiver(id), show: showReceivers }),
    )
}

export function addAlertDeliveries(alerts: Command, run: RunAction): void {
  alerts
    .command('deliveries')
    .summary('list what became of telling alerts')
    .option('--state <state>', deliveryStates.join(', '))
    .option('-n, --limit <n>', 'how many', wholeNumber(1, 200), 50)
    .action((flags: { state?: string; limit: number }, command: Command) =>
      askAboutAlerts(run, command, {
        ask: client => client.alertDeliveries(flags),
        show: ({ items }, { out }) => printDeliveries(out, items),
      }),
    )
  alerts
    .command('replay')
    .summary('tell once more what was given up')
    .argument('<id>', 'of a delivery, or of a receiver: then all of its that were given up')
    .action((id: string, _flags: object, command: Command) =>
      askAboutAlerts(run, command, {
        async ask(client) {
          const { receivers } = await client.alertReceivers()
          const isReceiver = receivers.some(one => one.receiverId === id)
          return isReceiver ? await client.replayAlertReceiver(id) : await client.replayAlertDelivery(id)
        },
        show: ({ replayed }, { out }) => out.line(`${counted(replayed, 'alert')} will be told again`),
      }),
    )
}
