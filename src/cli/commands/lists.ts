import type { Command } from 'commander'
import type { DocumentView } from '../../contract/document-view.ts'
import type { JobState } from '../../contract/job.ts'
import type { JobView } from '../../contract/job-view.ts'
import { exitCodes } from '../exit-code.ts'
import { deferralWords } from '../ingest/deferral-words.ts'
import { stateColor } from '../ingest/row-state.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { PageWish } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { counted, formatBytes, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import { jobStateName, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'
import { documentIdOf, resolveId } from './resolve-id.ts'

interface ListFlags extends PageWish {
  all?: boolean
}
interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

export function addDocuments(program: Command, programName: string, run: RunAction): void {
  withPaging(
    program
      .command('documents')
      .alias('ls')
      .summary('list documents')
      .description('Lists your documents, newest first.'),
  )
    .addHelpText('after', examples(programName, [['documents --all --json', 'everything, for scripts']]))
    .action((flags: ListFlags, command: Command) =>
      run(command, async invocation => {
        const page = await useServer(invocation, { workers: false }, client => collect(client.listDocuments, flags))
        printPage(invocation, page, documentColumns, documentCells, 'document')
        return exitCodes.ok
      }),
    )
}

export function addJobs(program: Command, programName: string, run: RunAction): void {
  withPaging(program.command('jobs').summary('list jobs').description('Lists your jobs, newest first.'))
    .option('-s, --state <state>', 'only jobs in this state, e.g. failed', jobStateName)
    .option('-d, --document <id>', 'only jobs of this document')
    .addHelpText('after', examples(programName, [['jobs --state failed', 'what went wrong, and why']]))
    .action((flags: ListFlags & { state?: JobState; document?: string }, command: Command) =>
      run(command, async invocation => {
        const page = await useServer(invocation, { workers: false }, async client => {
          const documentId = flags.document && documentIdOf(await resolveId(client, flags.document))
          return collect(query => client.listJobs({ ...query, state: flags.state, documentId }), flags)
        })
        printPage(invocation, page, jobColumns, jobCells, 'job')
        return exitCodes.ok
      }),
    )
}

function withPaging(command: Command): Command {
  return command
    .option('-n, --limit <n>', 'how many', wholeNumber(1, 200), 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .option('-a, --all', 'list all, not only the first')
}

async function collect<Item>(list: (query: PageWish) => Promise<Page<Item>>, flags: ListFlags): Promise<Page<Item>> {
  const page = await list({ limit: flags.all ? 200 : flags.limit, cursor: flags.cursor })
  while (flags.all && page.nextCursor !== null) {
    const next = await list({ limit: 200, cursor: page.nextCursor })
    page.items.push(...next.items)
    page.nextCursor = next.nextCursor
  }
  return page
}

function printPage<Item>(
  invocation: Invocation,
  page: Page<Item>,
  columns: readonly Column[],
  cells: (item: Item, invocation: Invocation) => Cell[],
  noun: string,
): void {
  const { out, err } = invocation
  printResult(invocation, page, () => {
    if (page.items.length === 0) err.line(`no ${noun}s`)
    else
      printTable(
        out,
        columns,
        page.items.map(item => cells(item, invocation)),
      )
    if (page.nextCursor)
      err.line(`${counted(page.items.length, noun)} shown; more with --cursor ${page.nextCursor} or --all`)
  })
}

const documentColumns: Column[] = [
  { title: 'Document id' },
  { title: 'Name', flexible: true },
  { title: 'Size', align: 'right' },
  { title: 'Pages', align: 'right' },
  { title: 'Chunks', align: 'right' },
  { title: 'Newest job' },
  { title: 'Tags' },
]

function documentCells(
  { documentId, fileName, byteCount, live, job, tags }: DocumentView,
  { out }: Invocation,
): Cell[] {
  return [
    { text: documentId },
    { text: printable(fileName) },
    { text: formatBytes(byteCount) },
    { text: live ? String(live.pageCount) : '–' },
    { text: live ? String(live.chunkCount) : '–' },
    stateCell(job, out.colors),
    { text: printable(tags.join(', ')), paint: out.colors.dim },
  ]
}

const jobColumns: Column[] = [
  { title: 'Job id' },
  { title: 'Document', flexible: true },
  { title: 'State' },
  { title: 'Updated' },
  { title: 'Why' },
]

function jobCells(job: JobView, { out }: Invocation): Cell[] {
  const time = { text: formatTime(job.updatedAt), paint: out.colors.dim }
  return [
    { text: job.jobId },
    { text: printable(job.fileName) },
    stateCell(job, out.colors),
    time,
    { text: job.error?.code ?? deferralWords(job) ?? '' },
  ]
}

function stateCell({ state, stage }: JobView, colors: Invocation['out']['colors']): Cell {
  return { text: state === 'succeeded' ? state : `${state} (${stage})`, paint: stateColor(state, colors) }
}
