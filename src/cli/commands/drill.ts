import { type Command, InvalidArgumentError } from 'commander'
import { printDrill } from '../drill/print-drill.ts'
import { runDrill } from '../drill/run-drill.ts'
import { type Scenario, scenarios } from '../drill/scenarios.ts'
import { exitCodes } from '../exit-code.ts'
import { expandPaths } from '../ingest/expand-paths.fs.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { printable } from '../text/printable.ts'
import { printTable } from '../text/table.ts'
import { examples } from './examples.ts'

interface Flags {
  scenario?: Scenario[]
  list?: boolean
}

/** Adds `sluice drill`. */
export function addDrill(program: Command, programName: string, run: RunAction): void {
  program
    .command('drill')
    .summary('rehearse failures with your own files, and count documents and money')
    .description(
      'Takes the files through scripted failures, each with a fresh server of its own against simulators on this machine: no key is used and nothing is paid. Then it counts, ' +
        'by what the simulators themselves have charged: documents that are lost or duplicated, money that is overspent, paid twice or not in the books. Exit code 1 if anything is not 0.',
    )
    .argument('[files...]', 'files, folders or patterns (default: the samples)')
    .option('--scenario <name>', `one of ${names()}; can be repeated`, collectedScenario)
    .option('--list', 'say what each scenario does, and play none')
    .addHelpText(
      'after',
      examples(programName, [
        ['drill', 'everything, with the samples: about five minutes'],
        ['drill contracts/ --scenario crashes --scenario budget', 'two of them, with files of your own'],
      ]),
    )
    .action((files: string[], flags: Flags, command: Command) =>
      run(command, async invocation => {
        const { io, err, out, signal } = invocation
        if (flags.list) {
          const list = scenarios.map(({ name, summary }) => ({ name, summary }))
          printResult(invocation, list, () =>
            printTable(
              out,
              [{ title: 'Scenario' }, { title: 'What happens' }],
              list.map(({ name, summary }) => [{ text: name }, { text: summary }]),
            ),
          )
          return exitCodes.ok
        }
        const found = await expandPaths(files.length > 0 ? files : [io.samplesDir], io.workingDirectory)
        const told = (line: string) => err.line(printable(line))
        const report = await runDrill({ io, files: found, scenarios: flags.scenario ?? scenarios, signal, told })
        printResult(invocation, jsonOf(report), () => printDrill(out, report))
        const isWell = report.scenarios.length > 0 && report.scenarios.every(({ passed }) => passed)
        return isWell ? exitCodes.ok : exitCodes.somethingFailed
      }),
    )
}

function collectedScenario(name: string, before: Scenario[] = []): Scenario[] {
  const scenario = scenarios.find(known => known.name === name)
  if (scenario === undefined) throw new InvalidArgumentError(`It takes one of ${names()}.`)
  return before.includes(scenario) ? before : [...before, scenario]
}

function names(): string {
  return scenarios.map(({ name }) => name).join(', ')
}

/** Money in JSON is digits, since a number loses precision. */
function jsonOf(report: object): unknown {
  return JSON.parse(
    JSON.stringify(report, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  )
}
