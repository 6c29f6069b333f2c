import type { Command } from 'commander'
import type { JobView } from '../../contract/job-view.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { ingestReport } from '../ingest/ingest-report.ts'
import { rowOfJob } from '../ingest/ingest-row.ts'
import { printIngest } from '../ingest/print-ingest.ts'
import { runIngest } from '../ingest/run-ingest.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { printable } from '../text/printable.ts'
import { examples } from './examples.ts'
import { ingestExitCode } from './ingest.ts'
import { type ProcessingFlags, processingWish, withProcessing } from './processing.ts'
import { documentIdOf, jobIdOf, resolveId } from './resolve-id.ts'
import { followOf, type WatchFlags, withWatching } from './watching.ts'

const idHelp = 'document or job id, or its first or last 6 or more characters'
const noWaitHelp = 'return at once, without waiting for the result'

export function addCancel(program: Command, run: RunAction): void {
  program
    .command('cancel')
    .summary('stop a job')
    .description('Cancels a job, or the newest job of a document. What is live stays live.')
    .argument('<id>', idHelp)
    .action((id: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        const job = await useServer(invocation, { workers: false }, async client =>
          client.cancelJob(jobIdOf(await resolveId(client, id))),
        )
        printResult(invocation, job, () =>
          invocation.out.line(`${printable(job.fileName)}: job ${job.jobId} is ${job.state}`),
        )
        return exitCodes.ok
      }),
    )
}

export function addRetry(program: Command, run: RunAction): void {
  const command = program
    .command('retry')
    .summary('try a failed or cancelled job again')
    .description(
      'Puts a failed or cancelled job (or the newest job of a document) back to work, and follows it to its end.',
    )
    .argument('<id>', idHelp)
  withWatching(command, noWaitHelp).action((id: string, flags: WatchFlags, command: Command) =>
    run(command, invocation =>
      start(invocation, flags, async client => client.retryJob(jobIdOf(await resolveId(client, id)))),
    ),
  )
}

export function addReprocess(program: Command, programName: string, run: RunAction): void {
  const command = program
    .command('reprocess')
    .summary('process a document again, e.g. with other chunks')
    .description('Makes a new version of a document and follows it to its end. The present one is searched until then.')
    .argument('<id>', idHelp)
  withWatching(withProcessing(command), noWaitHelp)
    .addHelpText(
      'after',
      examples(programName, [
        ['reprocess 5f0c2a --max-tokens 256', 'with smaller chunks'],
        ['reprocess 5f0c2a --tier agentic', 'parsed again, by a better tier of LlamaParse'],
      ]),
    )
    .action((id: string, flags: WatchFlags & ProcessingFlags, command: Command) =>
      run(command, invocation =>
        start(invocation, flags, async client => {
          const wish = processingWish(flags)
          return (await client.reprocess(documentIdOf(await resolveId(client, id)), wish)).job
        }),
      ),
    )
}

export function addDelete(program: Command, run: RunAction): void {
  program
    .command('delete')
    .summary('delete a document with all of its versions')
    .description('Deletes a document, its pages, chunks and vectors. What it cost stays in the books.')
    .argument('<id>', 'document id, or its first or last 6 or more characters')
    .action((id: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        const documentId = await useServer(invocation, { workers: false }, async client => {
          const found = documentIdOf(await resolveId(client, id))
          await client.deleteDocument(found)
          return found
        })
        printResult(invocation, { deleted: documentId }, () => invocation.out.line(`deleted document ${documentId}`))
        return exitCodes.ok
      }),
    )
}

/** Starts a job and follows it as `ingest` does. */
async function start(
  invocation: Invocation,
  flags: WatchFlags,
  startJob: (client: SluiceClient) => Promise<JobView>,
): Promise<ExitCode> {
  const follow = followOf(flags)
  return useServer(invocation, { workers: follow !== 'not' }, async (client, server) => {
    const options = { wishes: { metadata: {}, chunking: {}, parsing: {} }, concurrency: 1, follow }
    const rows = await runIngest(invocation, client, server, [rowOfJob(await startJob(client))], options)
    const report = ingestReport(rows, invocation.signal.aborted)
    if (!invocation.signal.aborted || invocation.global.json) {
      printResult(invocation, report, () => printIngest(invocation.out, rows))
    }
    return ingestExitCode(rows)
  })
}
