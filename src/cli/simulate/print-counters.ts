import { formatUsd } from '../../contract/format-usd.ts'
import type { SimulatorCounters } from '../../contract/simulators.ts'
import type { Terminal } from '../text/terminal.ts'

/** What was asked for, done and charged, and which faults there were. */
export function printCounters(out: Terminal, { llamaparse, openai }: SimulatorCounters): void {
  const { webhooks } = llamaparse
  out.line(out.colors.bold('LlamaCloud (simulated)'))
  out.line(`  requests  ${listed(llamaparse.requests)}`)
  out.line(
    `  jobs      ${llamaparse.jobs} created, ${llamaparse.completed} completed, ${llamaparse.failed} failed, ${llamaparse.cancelled} cancelled, ${llamaparse.cached} from the cache`,
  )
  out.line(`  charged   ${llamaparse.credits} credits; ${llamaparse.pages} pages, those of the cache among them`)
  out.line(
    `  webhooks  ${webhooks.events} events, ${webhooks.sent} sent, ${webhooks.acknowledged} acknowledged, ${webhooks.lost} lost`,
  )
  out.line(`  faults    ${listed(llamaparse.faults)}`)
  out.line(out.colors.bold('OpenAI (simulated)'))
  out.line(`  requests  ${openai.requests}`)
  out.line(
    `  charged   ${formatUsd(BigInt(openai.chargedNanoUsd))} for ${openai.tokens} tokens in ${openai.inputs} texts`,
  )
  out.line(`  faults    ${listed(openai.faults)}`)
}

function listed(counts: Partial<Record<string, number>>): string {
  const entries = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
  return entries.length === 0 ? 'none' : entries.join(', ')
}
