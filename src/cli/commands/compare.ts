import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Comparison } from '../../contract/comparison.ts'
import { compareRows } from '../compare/compare-rows.ts'
import { htmlReport } from '../compare/html-report.ts'
import { type RouteSpec, readRouteSpec } from '../compare/route-spec.ts'
import { compareFile } from '../compare/run-compare.ts'
import { writeReport } from '../compare/write-report.fs.ts'
import { exitCodes } from '../exit-code.ts'
import { expandPaths } from '../ingest/expand-paths.fs.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import { examples } from './examples.ts'

interface Flags {
  a: RouteSpec
  b: RouteSpec
  html?: string
  keep?: boolean
}

export function addCompare(program: Command, programName: string, run: RunAction): void {
  program
    .command('compare')
    .summary('take files through two routes and compare what comes out')
    .description(
      'Takes each file through two routes, one after the other, and says what each took, cost and made of it, how alike the texts are, and whether ' +
        'search would find the same. Nothing that is searched changes; a file that was not there before is deleted again. Paid routes are paid, ' +
        'within the budgets. A route is a mode, with a tier or a policy behind it, and `+mode` for embeddings.',
    )
    .argument('<files...>', 'files, folders or patterns')
    .option('--a <route>', 'local, mock, real:agentic, hybrid:balanced …', readRouteSpec, readRouteSpec('local'))
    .option('--b <route>', 'the other one', readRouteSpec, readRouteSpec('mock'))
    .option('--html <file>', 'write a report to read')
    .option('--keep', 'leave documents that were not there before')
    .addHelpText(
      'after',
      examples(programName, [
        ['compare samples --a local --b mock --html report.html', 'for nothing'],
        ['compare contract.pdf --a real:cost_effective --b real:agentic', 'is the better tier worth it?'],
      ]),
    )
    .action((files: string[], flags: Flags, command: Command) =>
      run(command, async invocation => {
        const { io, out, signal } = invocation
        const found = await expandPaths(files, io.workingDirectory)
        const comparisons = await useServer(invocation, { workers: true }, async client => {
          const told = (line: string) => invocation.err.line(printable(line))
          const options = { io, client, a: flags.a, b: flags.b, keep: flags.keep ?? false, signal, told }
          const all: Comparison[] = []
          for (const file of found) all.push(await compareFile(options, file))
          return all
        })
        const names = { a: flags.a.name, b: flags.b.name }
        if (flags.html !== undefined) {
          const path = resolve(io.workingDirectory, flags.html)
          await writeReport(path, htmlReport(names, comparisons, new Date().toISOString()))
        }
        printResult(invocation, { ...names, comparisons }, () => {
          for (const comparison of comparisons) printComparison(out, names, comparison)
          if (flags.html !== undefined) out.line(`The report is in ${printable(flags.html)}.`)
        })
        return exitCodes.ok
      }),
    )
}

function printComparison(out: Terminal, names: { a: string; b: string }, comparison: Comparison): void {
  out.line(out.colors.bold(printable(comparison.fileName)))
  const columns = [{ title: '' }, { title: names.a }, { title: names.b }, { title: 'Difference' }]
  const rows = compareRows(comparison).map(({ what, a, b, difference }) => [
    { text: what },
    { text: printable(a) },
    { text: printable(b) },
    { text: difference },
  ])
  printTable(out, columns, rows)
  out.line()
}
