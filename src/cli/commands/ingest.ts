import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { expandPaths } from '../ingest/expand-paths.fs.ts'
import { ingestReport } from '../ingest/ingest-report.ts'
import { type IngestRow, rowOfFile, rowOfJob } from '../ingest/ingest-row.ts'
import { printIngest } from '../ingest/print-ingest.ts'
import { runIngest } from '../ingest/run-ingest.ts'
import { summarise } from '../ingest/summary.ts'
import { unfinishedJobs } from '../ingest/unfinished-jobs.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { counted } from '../text/amounts.ts'
import { chunkingWish, metadataPair, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

interface IngestFlags {
  metadata?: Record<string, unknown>
  maxTokens?: number
  overlap?: number
  wait: boolean
  concurrency: number
}

export function addIngest(program: Command, programName: string, run: RunAction): void {
  program
    .command('ingest')
    .summary('make documents searchable')
    .description(
      'Sends documents and follows them until they are searchable. A document that is there already is not paid again.',
    )
    .argument('<paths...>', 'files, folders (searched to the bottom) and globs')
    .option(
      '-m, --metadata <key=value>',
      'metadata of these documents, can be repeated; key:=json for numbers and lists',
      metadataPair,
    )
    .option('--max-tokens <n>', 'the most tokens in a chunk (default of the server: 512)', wholeNumber(16, 8192))
    .option('--overlap <n>', 'tokens that neighbouring chunks share (at most half of the above)', wholeNumber(0, 4096))
    .option('--concurrency <n>', 'how many files are sent at a time', wholeNumber(1, 64), 4)
    .option('--no-wait', 'return when the files are sent, without waiting for the result')
    .addHelpText(
      'after',
      examples(programName, [
        ['ingest report.pdf notes/', 'a file and a folder'],
        ["ingest 'docs/**/*.md' -m team=water", 'a glob, with metadata to filter by'],
        ['ingest scans/ --json > result.json', 'for scripts'],
      ]),
    )
    .action((paths: string[], flags: IngestFlags, command: Command) => run(command, i => ingest(i, paths, flags)))
}

async function ingest(invocation: Invocation, paths: readonly string[], flags: IngestFlags): Promise<ExitCode> {
  const { io, err, signal } = invocation
  const chunking = chunkingWish(flags)
  const files = await expandPaths(paths, io.workingDirectory)
  return useServer(invocation, { workers: flags.wait }, async (client, server) => {
    const earlier = server.inProcess && flags.wait ? await unfinishedJobs(client) : []
    if (earlier.length > 0) err.line(`resuming ${counted(earlier.length, 'unfinished job')}`)
    const given = [...earlier.map(rowOfJob), ...files.map(rowOfFile)]
    const rows = await runIngest(invocation, client, server, given, {
      metadata: flags.metadata ?? {},
      chunking,
      concurrency: flags.concurrency,
      wait: flags.wait,
    })
    if (!signal.aborted || invocation.global.json) {
      printResult(invocation, ingestReport(rows, signal.aborted), () => printIngest(invocation.out, rows))
    }
    if (!flags.wait && server.inProcess) {
      err.line('no server runs: the documents are processed by the next `sluice ingest` or `sluice serve`')
    }
    return ingestExitCode(rows)
  })
}

/** 1 when a document was refused, failed or was cancelled. */
export function ingestExitCode(rows: readonly IngestRow[]): ExitCode {
  const { failed, rejected, cancelled } = summarise(rows)
  return failed + rejected + cancelled > 0 ? exitCodes.somethingFailed : exitCodes.ok
}
