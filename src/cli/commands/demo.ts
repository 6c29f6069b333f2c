import type { Command } from 'commander'
import { demo } from '../demo/demo.ts'
import type { RunAction } from '../invocation.ts'
import { examples } from './examples.ts'

export function addDemo(program: Command, programName: string, run: RunAction): void {
  program
    .command('demo')
    .summary('a tour with the sample documents, or with yours')
    .description(
      'Makes the sample documents (or the given ones) searchable, shows what it would have cost, and searches them.',
    )
    .argument('[paths...]', 'your own files, folders and globs')
    .option('-q, --query <query>', 'what to search for')
    .addHelpText(
      'after',
      examples(programName, [['demo ~/papers -q "how was it measured"', 'with your own documents']]),
    )
    .action((paths: string[], flags: { query?: string }, command: Command) =>
      run(command, i => demo(i, paths, flags.query)),
    )
}
