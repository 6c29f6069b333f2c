import type { Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import type { RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { printable } from '../text/printable.ts'
import { examples } from './examples.ts'
import { jobIdOf, resolveId } from './resolve-id.ts'

export function addExplain(program: Command, programName: string, run: RunAction): void {
  program
    .command('explain')
    .summary('say by which route a document went and why, or what it waits for')
    .description(
      'Tells how each call for a job was decided, with the numbers that were used, and what the job waits for if it waits. A document stands for its newest job.',
    )
    .argument('<id>', 'document or job id, or its first or last 6 or more characters')
    .addHelpText('after', examples(programName, [['explain 5f0c2a', 'why it was parsed here, or is not done yet']]))
    .action((id: string, _flags: object, command: Command) =>
      run(command, async invocation => {
        const explanation = await useServer(invocation, { workers: false }, async client =>
          client.explain(jobIdOf(await resolveId(client, id))),
        )
        printResult(invocation, explanation, () => {
          const { out } = invocation
          out.line(out.colors.bold(`${printable(explanation.fileName)}, job ${explanation.jobId}`))
          for (const sentence of explanation.sentences) out.line(`  ${printable(sentence)}`)
        })
        return exitCodes.ok
      }),
    )
}
