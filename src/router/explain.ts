import type { JobDetail } from '../contract/job-view.ts'
import type { Explanation } from '../contract/route-decision.ts'

type Decision = Explanation['decisions'][number]

/** What was decided for a job and what it waits for, in sentences, oldest first. Pure. */
export function explainJob(job: JobDetail, decisions: readonly Decision[]): string[] {
  const sentences = decisions.map(sentenceOf)
  const { deferral, awaited, error, state, stage } = job
  if (deferral) sentences.push(`It waits at ${stage}: ${deferral.message}`)
  else if (awaited) sentences.push(`It waits at ${stage}: ${awaited.message}`)
  else if (error) sentences.push(`It is ${state} at ${stage}: ${error.message} ${error.action}`)
  else sentences.push(`It is ${state}${state === 'succeeded' ? '' : ` at ${stage}`}.`)
  return sentences
}

function sentenceOf({
  at,
  service,
  outcome,
  provider,
  model,
  provisional,
  reasons,
  providerMs,
  pages,
}: Decision): string {
  const what = `${service}${pages === null ? '' : ` of page(s) ${pages}`}`
  const who = `${provider} ${model}`
  const verb = outcome === 'call' ? `went to ${who}` : outcome === 'wait' ? `waited for ${provider}` : 'was not made'
  const took = providerMs === null ? '' : `, which took ${Math.round(providerMs)} ms`
  const mark = provisional ? ' (provisional)' : ''
  return `At ${at} ${what} ${verb}${mark}${took}: ${reasons.join('; ')}.`
}
