import type { Alert } from '../contract/alert.ts'
import { alertFacts } from '../contract/alert-kind.ts'
import { alertWords } from '../contract/alert-words.ts'
import type { Notice } from './notice.ts'

/** The body of a webhook, in the form that Standard Webhooks recommends: `type`, `timestamp`, `data`. */
export function webhookBody({ event, alert }: Notice): string {
  return JSON.stringify({
    type: `alert.${event}`,
    timestamp: event === 'recovered' ? alert.recoveredAt : alert.at,
    data: { ...alert, summary: alertWords(alert), action: alertFacts[alert.kind].action },
  })
}

/** What Slack, and what takes its messages, shows for several at once. */
export function slackBody(notices: readonly Notice[]): string {
  const lines = notices.map(notice => `${mark(notice)} ${escaped(headline(notice))}${advice(notice, ' _', '_')}`)
  return JSON.stringify({ text: bounded(lines, 3_500).join('\n') })
}

export interface Mail {
  subject: string
  text: string
}

/** One mail about several at once. */
export function mailOf(notices: readonly Notice[]): Mail {
  const [first] = notices
  const more = notices.length > 1 ? ` (and ${notices.length - 1} more)` : ''
  const subject = first ? `Sluice: ${headline(first)}${more}` : 'Sluice'
  const parts = notices.map(notice => {
    const { at, recoveredAt, tenantId } = notice.alert
    const who = tenantId === '*' ? '' : `\nTenant: ${tenantId}`
    const end = recoveredAt === null ? '' : `\nOver since: ${recoveredAt}`
    return `${headline(notice)}\nSince: ${at}${end}${who}${advice(notice, '\n', '')}\n`
  })
  return { subject: oneLine(subject).slice(0, 200), text: bounded(parts, 100_000).join('\n') }
}

function headline({ event, alert }: Notice): string {
  if (event === 'test') return 'This is a test: alerts of Sluice arrive here.'
  const words = oneLine(alertWords(alert))
  const whose = alert.tenantId === '*' ? '' : `${alert.tenantId}: `
  return event === 'raised' ? `${whose}${words}` : `Over: ${whose}${words}`
}

function advice({ event, alert }: Notice, before: string, behind: string): string {
  return event === 'raised' ? `${before}${alertFacts[alert.kind].action}${behind}` : ''
}

function mark({ event, alert }: Notice): string {
  if (event === 'test') return ':wave:'
  if (event === 'recovered') return ':white_check_mark:'
  return severityMarks[alert.severity]
}

const severityMarks: Record<Alert['severity'], string> = { warning: ':warning:', critical: ':rotating_light:' }

/** As many as fit, and how many did not. */
function bounded(parts: readonly string[], maxLength: number): string[] {
  const fitting: string[] = []
  let length = 0
  for (const part of parts) {
    length += part.length
    if (length > maxLength) return [...fitting, `… and ${parts.length - fitting.length} more`]
    fitting.push(part)
  }
  return fitting
}

/** Names come from outside: none may begin a line of its own, or a header. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** https://docs.slack.dev/messaging/formatting-message-text: these three are all that is escaped. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
