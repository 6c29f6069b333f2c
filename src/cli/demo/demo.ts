import { join } from 'node:path'
import { ingestExitCode } from '../commands/ingest.ts'
import { printHits } from '../commands/print-hits.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { expandPaths, type FoundFile } from '../ingest/expand-paths.fs.ts'
import { ingestReport } from '../ingest/ingest-report.ts'
import { type IngestRow, rowOfFile } from '../ingest/ingest-row.ts'
import { printIngest } from '../ingest/print-ingest.ts'
import { runIngest } from '../ingest/run-ingest.ts'
import type { Invocation } from '../invocation.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { chooseQuery } from './choose-query.ts'

/** The tour that `npm run demo` gives: documents become searchable, what that would have cost, and a question answered. */
export async function demo(
  invocation: Invocation,
  paths: readonly string[],
  query: string | undefined,
): Promise<ExitCode> {
  const { io, out, err, signal, global } = invocation
  const files = paths.length > 0 ? await expandPaths(paths, io.workingDirectory) : await sampleFiles(io.samplesDir)
  return useServer(invocation, { workers: true }, async (client, server) => {
    const show = global.json ? err : out
    for (const line of await welcome(client, files.length)) show.line(line)
    const options = {
      wishes: { metadata: {}, chunking: {}, parsing: {} },
      concurrency: 4,
      follow: 'until_parked' as const,
    }
    const rows = await runIngest(invocation, client, server, files.map(rowOfFile), options)
    if (signal.aborted) return exitCodes.interrupted
    if (!global.json) printIngest(out, rows)
    const searches = []
    for (const question of await questionsFor(client, rows, query ?? (paths.length > 0 ? null : sampleQuestions))) {
      const response = await client.search({ query: question, k: 3, filters: { documentIds: documentIds(rows) } })
      searches.push({ query: question, response })
      if (global.json) continue
      out.line()
      out.line(out.colors.bold(`Search: ${printable(question)}`))
      out.line()
      printHits(out, response)
    }
    if (global.json) out.line(JSON.stringify({ ingest: ingestReport(rows, false), searches }, null, 2))
    else for (const line of farewell(io.programName, paths.length > 0)) out.line(line)
    return ingestExitCode(rows)
  })
}

/** The documents in the samples' folder. */
async function sampleFiles(samplesDir: string): Promise<FoundFile[]> {
  const files = await expandPaths([samplesDir], samplesDir)
  return files.map(file => ({ ...file, label: join('samples', file.label) }))
}

async function welcome(client: SluiceClient, fileCount: number): Promise<string[]> {
  const { services } = await client.doctor()
  const mock = services.every(service => service.mode === 'mock')
  const modes = services.map(({ service, mode }) => `${service} ${mode}`).join(', ')
  return [
    `Sluice makes ${counted(fileCount, 'document')} searchable: each is parsed, cut into chunks, embedded and published.`,
    mock
      ? 'All of it happens on this machine, without a key: paid services are simulated, and priced as the real ones would be.'
      : `Services run in these modes: ${modes}. Real calls are paid.`,
    'Then a search shows the passage, page and heading that answers a question.',
    '',
  ]
}

async function questionsFor(
  client: SluiceClient,
  rows: readonly IngestRow[],
  wish: string | readonly string[] | null,
): Promise<readonly string[]> {
  if (documentIds(rows).length === 0) return []
  if (wish !== null) return typeof wish === 'string' ? [wish] : wish
  const pages: string[] = []
  for (const { document } of rows.slice(0, sampledDocuments)) {
    for (let number = 1; number <= Math.min(sampledPages, document?.live?.pageCount ?? 0); number += 1) {
      if (document) pages.push((await client.page(document.documentId, number)).markdown)
    }
  }
  const question = chooseQuery(pages)
  return question ? [question] : []
}

function documentIds(rows: readonly IngestRow[]): string[] {
  return [...new Set(rows.flatMap(row => (row.document?.live ? [row.document.documentId] : [])))].slice(0, 1_000)
}

function farewell(programName: string, ownFiles: boolean): string[] {
  return [
    '',
    'Next:',
    `  ${programName} search ${ownFiles ? 'what you would like to know' : 'how long does the diesel last'}`,
    `  ${programName} documents`,
    `  ${programName} ingest path/to/your/files`,
    `  ${programName} serve                               (the HTTP API)`,
  ]
}

const sampleQuestions = [
  'Why did the water taste of earth in August?',
  'What broke in Millrace Road and how many homes were dry?',
]
const sampledDocuments = 3
const sampledPages = 10
