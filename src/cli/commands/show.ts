import type { Command } from 'commander'
import type { CostLine, DocumentDetail } from '../../contract/document-view.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import type { JobDetail } from '../../contract/job-view.ts'
import { exitCodes } from '../exit-code.ts'
import { deferralWords } from '../ingest/deferral-words.ts'
import { stateColor } from '../ingest/row-state.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { formatBytes, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { examples } from './examples.ts'
import { madeBy } from './print-hits.ts'
import { resolveId } from './resolve-id.ts'

export function addShow(program: Command, programName: string, run: RunAction): void {
  program
    .command('show')
    .summary('show all about a document or job')
    .description('Shows a document with its versions, costs and newest job, or a job with its history.')
    .argument('<id>', 'document or job id, or its first or last 6 or more characters')
    .addHelpText(
      'after',
      examples(programName, [['show 5f0c2a', 'the beginning or end of an id is enough when it is unique']]),
    )
    .action((id: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        const found = await useServer(invocation, { workers: false }, async client => {
          const resolved = await resolveId(client, id)
          if (resolved.kind === 'job') return resolved
          return { ...resolved, job: await client.job(resolved.document.job.jobId) }
        })
        const json = found.kind === 'job' ? found.job : { ...found.document, job: found.job }
        printResult(invocation, json, () => {
          if (found.kind === 'document') printDocument(invocation.out, found.document)
          printJob(invocation.out, found.job)
        })
        return exitCodes.ok
      }),
    )
}

function printDocument(out: Terminal, document: DocumentDetail): void {
  const { live, metadata } = document
  printFacts(out, printable(document.fileName), [
    ['document', document.documentId],
    ['type', `${document.fileType}, ${formatBytes(document.byteCount)}`],
    ['sha256', document.sha256],
    ['metadata', Object.keys(metadata).length > 0 ? printable(JSON.stringify(metadata)) : '–'],
    ['tags', printable(document.tags.join(', ')) || '–'],
    ['created', formatTime(document.createdAt)],
    [
      'searchable',
      live ? `${live.pageCount} pages, ${live.chunkCount} chunks, since ${formatTime(live.publishedAt)}` : 'not yet',
    ],
    ...(live
      ? [
          [
            'made by',
            `parsed by ${madeBy(live.provenance.parse)}, embedded by ${madeBy(live.provenance.embed)}`,
          ] as const,
        ]
      : []),
    ...(live?.provenance.parse.reasons ?? []).map(reason => ['route', printable(reason)] as const),
    ...(live?.notes ?? []).map(note => ['note', printable(note)] as const),
  ])
  printVersions(out, document)
  printCosts(out, document.costs)
}

function printVersions(out: Terminal, { versions }: DocumentDetail): void {
  const columns = [
    { title: 'Version' },
    { title: 'Max tokens' },
    { title: 'Overlap' },
    { title: 'Chunks' },
    { title: 'Published' },
    { title: '' },
  ]
  const rows = versions.map(version => [
    { text: version.versionId },
    { text: String(version.chunkSettings.maxTokens) },
    { text: String(version.chunkSettings.overlapTokens) },
    { text: String(version.chunkCount ?? '–') },
    { text: version.publishedAt ? formatTime(version.publishedAt) : '–' },
    { text: liveWords(version), paint: out.colors.green },
  ])
  printTable(out, columns, rows)
  out.line()
}

function liveWords({ live, rolledBackAt }: DocumentDetail['versions'][number]): string {
  if (!live) return ''
  return rolledBackAt === null ? 'live' : `live, by a rollback at ${formatTime(rolledBackAt)}`
}

function printCosts(out: Terminal, costs: readonly CostLine[]): void {
  if (costs.length === 0) return
  const columns = [
    { title: 'Service' },
    { title: 'By' },
    { title: 'Calls', align: 'right' as const },
    { title: 'Units', align: 'right' as const },
    { title: 'Cost', align: 'decimal' as const },
    { title: 'Would cost', align: 'decimal' as const },
  ]
  const rows = costs.map(line => [
    { text: line.service },
    { text: printable(`${line.provider} ${line.model}${line.simulated ? ' (simulated)' : ''}`) },
    { text: String(line.calls) },
    { text: printable(line.units) },
    { text: formatUsd(BigInt(line.costNanoUsd)) },
    { text: formatUsd(BigInt(line.shadowNanoUsd)) },
  ])
  printTable(out, columns, rows)
  out.line()
}

function printJob(out: Terminal, job: JobDetail): void {
  const { red, dim, yellow } = out.colors
  printFacts(out, `Job for ${printable(job.fileName)}`, [
    ['job', job.jobId],
    ['document', job.documentId],
    ['state', stateColor(job.state, out.colors)(`${job.state} at ${job.stage}`)],
    ...(job.failures > 0 ? [['failures', String(job.failures)] as const] : []),
    ...(job.priority === 0 ? [] : [['priority', String(job.priority)] as const]),
    ...(job.dueAt ? [['due', formatTime(job.dueAt)] as const] : []),
    ...(job.tags.length > 0 ? [['tags', printable(job.tags.join(', '))] as const] : []),
    ...(job.wakeAt ? [['goes on at', formatTime(job.wakeAt)] as const] : []),
    ['correlation', job.correlationId],
  ])
  if (job.deferral) {
    out.line(`${yellow(`${job.state}:`)} ${deferralWords(job)}`)
    out.line(printable(job.deferral.message))
    out.line()
  }
  if (job.awaited) {
    out.line(printable(job.awaited.message))
    out.line()
  }
  if (job.error) {
    out.line(`${red(job.error.code)}: ${printable(job.error.message)}`)
    out.line(`what to do: ${printable(job.error.action)}`)
    if (job.error.cause) out.line(dim(`cause: ${printable(job.error.cause)}`))
    out.line()
  }
  const columns = [{ title: 'At' }, { title: 'Stage' }, { title: 'State' }, { title: 'Try' }, { title: 'Why' }]
  const rows = job.events.map(event => [
    { text: formatTime(event.at) },
    { text: event.stage },
    { text: event.state, paint: stateColor(event.state, out.colors) },
    { text: String(event.token) },
    { text: printable(event.error ? `${event.reason}: ${event.error.code}` : event.reason) },
  ])
  printTable(out, columns, rows)
}

function printFacts(out: Terminal, title: string, facts: readonly (readonly [string, string])[]): void {
  out.line(out.colors.bold(title))
  for (const [name, value] of facts) out.line(`  ${out.colors.dim(name.padEnd(12))} ${value}`)
  out.line()
}
