import type { Command } from 'commander'
import type { NanoUsd } from '../../contract/money.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { expandPaths, type FoundFile } from '../ingest/expand-paths.fs.ts'
import { ingestReport } from '../ingest/ingest-report.ts'
import { type IngestRow, rowOfFile, rowOfJob } from '../ingest/ingest-row.ts'
import { printIngest } from '../ingest/print-ingest.ts'
import { runIngest } from '../ingest/run-ingest.ts'
import { summarise } from '../ingest/summary.ts'
import { unfinishedJobs } from '../ingest/unfinished-jobs.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { holdMaxCost } from '../quote/hold-max-cost.ts'
import type { SluiceClient, UploadWishes } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { counted } from '../text/amounts.ts'
import { dollars, isoTime, metadataPair, signedNumber, tagList, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'
import { type ProcessingFlags, processingWish, withProcessing } from './processing.ts'
import { followOf, type WatchFlags, withWatching } from './watching.ts'

interface IngestFlags extends WatchFlags, ProcessingFlags {
  metadata?: Record<string, unknown>
  tag?: string[]
  priority?: number
  deadline?: string
  maxCost?: NanoUsd
  concurrency: number
}

export function addIngest(program: Command, programName: string, run: RunAction): void {
  const command = program
    .command('ingest')
    .summary('make documents searchable')
    .description(
      'Sends documents and follows them until they are searchable, or wait for money of a budget (exit code 5). A document that ' +
        'is there already is not paid again.',
    )
    .argument('<paths...>', 'files, folders (searched to the bottom) and globs')
    .option(
      '-m, --metadata <key=value>',
      'metadata of these documents, can be repeated; key:=json for numbers and lists',
      metadataPair,
    )
    .option('--tag <tags>', 'tags of these documents, with commas; a budget can cover a tag', tagList)
    .option('--priority <n>', 'higher goes first when money is short (default: 0)', signedNumber(-1000, 1000))
    .option('--deadline <time>', 'until when it should be done; earlier goes first when money is short', isoTime)
    .option('--max-cost <dollars>', 'quote first, and hold the whole amount or refuse when it can be more', dollars)
    .option('--concurrency <n>', 'how many files are sent at a time', wholeNumber(1, 64), 4)
  withWatching(withProcessing(command), 'return when the files are sent, without waiting for the result')
    .addHelpText(
      'after',
      examples(programName, [
        ['ingest report.pdf notes/', 'a file and a folder'],
        ["ingest 'docs/**/*.md' -m team=water", 'a glob, with metadata to filter by'],
        ['ingest scans/ --tag archive --priority -10', 'paid by the budget of a tag, after all else'],
        ['ingest contract.pdf --tier agentic --pages 1-5', 'by a better tier of LlamaParse, and only these pages'],
        ['ingest scans/ --max-cost 0.50', 'not a cent more than that, known before'],
        ['ingest scans/ --json > result.json', 'for scripts'],
      ]),
    )
    .action((paths: string[], flags: IngestFlags, command: Command) => run(command, i => ingest(i, paths, flags)))
}

async function ingest(invocation: Invocation, paths: readonly string[], flags: IngestFlags): Promise<ExitCode> {
  const { io, err, signal } = invocation
  const { tag, priority, deadline, concurrency } = flags
  const wishes = { metadata: flags.metadata ?? {}, ...processingWish(flags), tags: tag, priority, deadline }
  const follow = followOf(flags)
  const files = await expandPaths(paths, io.workingDirectory)
  return useServer(invocation, { workers: follow !== 'not' }, async (client, server) => {
    const earlier = server.inProcess && follow !== 'not' ? await unfinishedJobs(client) : []
    if (earlier.length > 0) err.line(`resuming ${counted(earlier.length, 'unfinished job')}`)
    const quoteId =
      flags.maxCost === undefined ? undefined : await holdCost(invocation, client, files, wishes, flags.maxCost)
    const given = [...earlier.map(rowOfJob), ...files.map(rowOfFile)]
    const rows = await runIngest(invocation, client, server, given, {
      wishes: { ...wishes, quoteId },
      concurrency,
      follow,
    })
    if (quoteId !== undefined && isOver(rows)) await client.releaseQuote(quoteId)
    if (!signal.aborted || invocation.global.json) {
      printResult(invocation, ingestReport(rows, signal.aborted), () => printIngest(invocation.out, rows))
    }
    if (follow === 'not' && server.inProcess) {
      err.line('no server runs: the documents are processed by the next `sluice ingest` or `sluice serve`')
    }
    return ingestExitCode(rows)
  })
}

async function holdCost(
  { err }: Invocation,
  client: SluiceClient,
  files: readonly FoundFile[],
  wishes: UploadWishes,
  maxCost: NanoUsd,
): Promise<string> {
  const { quoteId, words } = await holdMaxCost(client, files, wishes, maxCost)
  err.line(words)
  return quoteId
}

/** Nothing is under way any more, so that what is left of a quote is not needed. */
function isOver(rows: readonly IngestRow[]): boolean {
  return rows.every(row => row.step === 'finished' || row.step === 'rejected')
}

/** 1 when a document was refused, failed or was cancelled; otherwise 5 when one must wait for longer than was watched. */
export function ingestExitCode(rows: readonly IngestRow[]): ExitCode {
  const { failed, rejected, cancelled } = summarise(rows)
  if (failed + rejected + cancelled > 0) return exitCodes.somethingFailed
  return rows.some(row => row.step === 'parked') ? exitCodes.deferred : exitCodes.ok
}
