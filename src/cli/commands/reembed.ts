import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { formatUsd } from '../../contract/format-usd.ts'
import type { NanoUsd } from '../../contract/money.ts'
import type { ReembeddingView, ReembedQuote, ReembedTarget, SpaceView } from '../../contract/reembedding.ts'
import { CliFailure } from '../cli-failure.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { counted, formatTime } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { dollars, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

interface Flags {
  model?: string
  dimensions?: number
  space?: string
  maxCost?: NanoUsd
  quote?: boolean
  wait: boolean
  cancel?: boolean
}

export function addSpaces(program: Command, run: RunAction): void {
  program
    .command('spaces')
    .summary('show the vector spaces of your documents')
    .description(
      "Shows each vector space, whether search uses it, and how many of the documents' texts have a vector in it.",
    )
    .action((_flags: object, command: Command) =>
      run(command, async invocation => {
        const { spaces } = await useServer(invocation, { workers: false }, client => client.spaces())
        printResult(invocation, { spaces }, () => printSpaces(invocation.out, spaces))
        return exitCodes.ok
      }),
    )
}

export function addReembed(program: Command, programName: string, run: RunAction): void {
  program
    .command('reembed')
    .summary('bring all documents into another vector space, then search that')
    .description(
      'Says what it costs, embeds every text of the live documents that has no vector in the space yet, after all documents that come in and ' +
        'within the budgets, and then switches search over, for all documents at once. Without options: into the configured space. It goes ' +
        'on after a restart. The vectors of the former space stay: --space switches back.',
    )
    .option('--model <model>', 'the embedding model')
    .option('--dimensions <n>', 'size of the vectors', wholeNumber(1, 16_000))
    .option('--space <space>', 'a space that is there, as `sluice spaces` names it')
    .option('--max-cost <dollars>', 'refuse when it can cost more', dollars)
    .option('--quote', 'only say what it would cost')
    .option('--no-wait', 'start it and leave it to the server')
    .option('--cancel', 'stop the one that is running; what it has embedded stays')
    .addHelpText(
      'after',
      examples(programName, [
        ['reembed --model text-embedding-3-large --quote', 'what would it cost?'],
        ['reembed --model text-embedding-3-large --max-cost 2', 'build the new space, then switch'],
        ['reembed --space openai-text-embedding-3-small-1536-2', 'switch back'],
      ]),
    )
    .action((flags: Flags, command: Command) => run(command, invocation => reembed(invocation, flags)))
}

async function reembed(invocation: Invocation, flags: Flags): Promise<ExitCode> {
  const target: ReembedTarget = {
    ...(flags.space !== undefined && { spaceId: flags.space }),
    ...(flags.model !== undefined && { model: flags.model }),
    ...(flags.dimensions !== undefined && { dimensions: flags.dimensions }),
  }
  const workers = !flags.quote && !flags.cancel
  return await useServer(invocation, { workers }, async client => {
    if (flags.cancel) return await cancel(invocation, client)
    const quote = await client.quoteReembedding(target)
    if (!invocation.global.json) printQuote(invocation.out, quote)
    if (flags.quote) {
      printResult(invocation, quote, () => {})
      return exitCodes.ok
    }
    const maxCost = flags.maxCost === undefined ? {} : { maxCostNanoUsd: String(flags.maxCost) }
    const started = await client.startReembedding({ target, ...maxCost })
    const ended = flags.wait ? await follow(invocation, client, started) : started
    printResult(invocation, ended, () => printEnd(invocation.out, ended))
    return ended.state === 'failed' ? exitCodes.somethingFailed : exitCodes.ok
  })
}

async function cancel(invocation: Invocation, client: SluiceClient): Promise<ExitCode> {
  const { reembeddings } = await client.listReembeddings()
  const running = reembeddings.find(one => one.state === 'running')
  if (!running) throw new CliFailure('not_found', 'No re-embedding is running.', { action: 'See `sluice spaces`.' })
  const ended = await client.cancelReembedding(running.reembeddingId)
  printResult(invocation, ended, () => printEnd(invocation.out, ended))
  return exitCodes.ok
}

const lookEveryMs = 300

/** Tells how far it is and what it waits for, each time that changes, until it has ended. */
async function follow(
  { out, global }: Invocation,
  client: SluiceClient,
  started: ReembeddingView,
): Promise<ReembeddingView> {
  let told = ''
  for (let view = started; ; view = await client.reembedding(started.reembeddingId)) {
    const line = `${view.embeddedTexts} of ${counted(view.quote.texts, 'text')} embedded${view.waitsFor ? `; waits: ${view.waitsFor}` : ''}`
    if (!global.json && line !== told) out.line(out.colors.dim(printable(line)))
    told = line
    if (view.state !== 'running') return view
    await sleep(lookEveryMs)
  }
}

function printQuote(out: Terminal, { space, from, texts, tokens, costNanoUsd, shadowNanoUsd }: ReembedQuote): void {
  out.line(`into ${printable(space.spaceId)}${from === null ? '' : `, from ${printable(from)}`}`)
  const real = `at most ${formatUsd(BigInt(costNanoUsd))}`
  const money = space.simulated ? `${real} (simulated; it would cost ${formatUsd(BigInt(shadowNanoUsd))})` : real
  out.line(`${counted(texts, 'text')} without a vector there, ${counted(tokens, 'token')}: ${money}`)
}

function printEnd(out: Terminal, view: ReembeddingView): void {
  const { green, red } = out.colors
  if (view.state === 'succeeded') out.line(green(`search uses ${printable(view.spaceId)} now`))
  else if (view.state === 'failed') out.line(red(printable(`failed: ${view.error?.code}: ${view.error?.message}`)))
  else if (view.state === 'cancelled') out.line('stopped; what it has embedded stays, and search is as it was')
  else out.line(`started as ${view.reembeddingId}; search is switched over when it is done`)
}

function printSpaces(out: Terminal, spaces: readonly SpaceView[]): void {
  if (spaces.length === 0) {
    out.line('no document has been ingested yet')
    return
  }
  const columns = [
    { title: 'Space', flexible: true as const },
    { title: 'Search' },
    { title: 'Texts covered', align: 'right' as const },
    { title: 'Vectors', align: 'right' as const },
    { title: 'Same vectors still' },
    { title: '' },
  ]
  const rows = spaces.map(space => [
    { text: printable(space.spaceId) },
    { text: space.live ? 'uses it' : '' },
    { text: `${space.covered} of ${space.texts}` },
    { text: String(space.vectors) },
    { text: space.drift ? `${space.drift.leastCosine.toFixed(5)} at ${formatTime(space.drift.checkedAt)}` : '' },
    { text: space.usable ? '' : 'nobody here embeds in it' },
  ])
  printTable(out, columns, rows)
}
