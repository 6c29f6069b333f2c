import type { Command } from 'commander'
import { ruleIds } from '../../contract/alert-kind.ts'
import type { RuleView } from '../../contract/alert-rule.ts'
import { askAboutAlerts } from '../alerts/ask-about-alerts.ts'
import { printAlerts, printRules } from '../alerts/print-alerts.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { addAlertDeliveries, addAlertReceivers } from './alert-receivers.ts'
import { wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

export function addAlerts(program: Command, programName: string, run: RunAction): void {
  const alerts = program
    .command('alerts')
    .summary('list alerts; say when there is one and who is told')
    .description('Without a subcommand, alerts are listed.')
  alerts
    .command('list', { isDefault: true })
    .summary('list alerts, newest first')
    .description('Lists what rules, budgets and calls have raised; with --tenant of this tenant and of all.')
    .option('-n, --limit <n>', 'how many', wholeNumber(1, 1000), 50)
    .option('--open', 'only those that last')
    .action((flags: { limit: number; open?: boolean }, command: Command) =>
      askAboutAlerts(run, command, {
        async ask(client, { global: { tenant } }) {
          const { alerts } = await client.alerts(flags)
          return { alerts: alerts.filter(({ tenantId }) => tenant === undefined || ['*', tenant].includes(tenantId)) }
        },
        show: ({ alerts }, { out }) => printAlerts(out, alerts),
      }),
    )
  addRules(alerts, programName, run)
  addAlertReceivers(alerts, programName, run)
  addAlertDeliveries(alerts, run)
}

interface RuleFlags {
  above?: number
  for?: number
  recover?: number
  cooldown?: number
  on?: boolean
  off?: boolean
  default?: boolean
}

const showRules = ({ rules }: { rules: readonly RuleView[] }, { out }: Invocation) => printRules(out, rules)

function addRules(alerts: Command, programName: string, run: RunAction): void {
  alerts
    .command('rules')
    .summary('list the rules')
    .description('Lists what each rule looks at and when it alerts; those with a * were changed.')
    .action((_flags: object, command: Command) =>
      askAboutAlerts(run, command, { ask: client => client.alertRules(), show: showRules }),
    )
  alerts
    .command('set')
    .summary('change a rule')
    .description('Changes when a rule alerts. What is not given stays as it is.')
    .argument('<rule>', ruleIds.join(', '))
    .option('--above <n>', 'the threshold, in the unit of the rule', Number)
    .option('--for <seconds>', 'how long it must be so', wholeNumber(0, 604_800))
    .option('--recover <seconds>', 'how long it must be well before it is over', wholeNumber(0, 604_800))
    .option('--cooldown <seconds>', 'how long after that there is no other', wholeNumber(0, 604_800))
    .option('--on', 'switch it on')
    .option('--off', 'switch it off; what lasts is over then')
    .option('--default', 'back to its defaults')
    .addHelpText('after', examples(programName, [['alerts set queue_age --above 120 --for 30', 'sooner']]))
    .action((rule: string, flags: RuleFlags, command: Command) => {
      const change = {
        ...(flags.above !== undefined && { threshold: flags.above }),
        ...(flags.for !== undefined && { forSeconds: flags.for }),
        ...(flags.recover !== undefined && { recoverSeconds: flags.recover }),
        ...(flags.cooldown !== undefined && { cooldownSeconds: flags.cooldown }),
        ...((flags.on || flags.off) && { isOn: !flags.off }),
      }
      const ask = (client: SluiceClient) =>
        flags.default ? client.resetAlertRule(rule) : client.setAlertRule(rule, change)
      return askAboutAlerts(run, command, { ask, show: showRules })
    })
}
