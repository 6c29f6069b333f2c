import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { expandPaths } from '../ingest/expand-paths.fs.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { printQuote } from '../quote/print-quote.ts'
import { type QuotedFile, quoteFiles } from '../quote/quote-files.ts'
import { totalQuote } from '../quote/total-quote.ts'
import { useServer } from '../server/use-server.ts'
import { examples } from './examples.ts'
import { type ProcessingFlags, processingWish, withProcessing } from './processing.ts'

export function addQuote(program: Command, programName: string, run: RunAction): void {
  const command = program
    .command('quote')
    .summary('say what bringing documents in would cost')
    .description(
      'Reads and chunks the files on the server, for nothing, and says what an ingest of them would cost, best and worst, and what of it ' +
        'is there already. Nothing is kept and no paid provider is asked.',
    )
    .argument('<paths...>', 'files, folders (searched to the bottom) and globs')
  withProcessing(command)
    .addHelpText(
      'after',
      examples(programName, [
        ['quote reports/', 'before anything is sent'],
        ['ingest reports/ --max-cost 0.50', 'the same, held whole or refused'],
      ]),
    )
    .action((paths: string[], flags: ProcessingFlags, command: Command) => run(command, i => quote(i, paths, flags)))
}

async function quote(invocation: Invocation, paths: readonly string[], flags: ProcessingFlags): Promise<ExitCode> {
  const files = await expandPaths(paths, invocation.io.workingDirectory)
  const quoted = await useServer(invocation, { workers: false }, client =>
    quoteFiles(client, files, processingWish(flags)),
  )
  printResult(invocation, report(quoted), () => printQuote(invocation.out, quoted))
  return quoted.some(({ failure }) => failure !== null) ? exitCodes.somethingFailed : exitCodes.ok
}

function report(quoted: readonly QuotedFile[]) {
  const { real, shadow, avoidedShadow, ...total } = totalQuote(quoted.flatMap(({ quote }) => quote ?? []))
  const range = ({ best, worst }: typeof real) => ({ best: String(best), worst: String(worst) })
  return {
    files: quoted.map(({ file, quote, failure }) => ({
      path: file.label,
      quote,
      error: failure && { code: failure.code, message: failure.message },
    })),
    total: { ...total, real: range(real), shadow: range(shadow), avoidedShadowNanoUsd: String(avoidedShadow) },
  }
}
