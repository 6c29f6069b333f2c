import type { Command } from 'commander'
import type { FileType } from '../../contract/file-type.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { collected, fileTypeList, metadataPair, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'
import { printHits } from './print-hits.ts'
import { documentIdOf, resolveId } from './resolve-id.ts'

interface SearchFlags {
  k: number
  type?: FileType[]
  document?: string[]
  metadata?: Record<string, unknown>
}

export function addSearch(program: Command, programName: string, run: RunAction): void {
  program
    .command('search')
    .summary('find passages by meaning and by words')
    .description('Searches all searchable documents; hits come with their page and heading.')
    .argument('<query...>', 'a question or a few words')
    .option('-k, --k <n>', 'how many hits', wholeNumber(1, 100), 5)
    .option('-t, --type <types>', 'only these file types, e.g. pdf,docx', fileTypeList)
    .option('-d, --document <id>', 'only in this document, can be repeated', collected)
    .option('-m, --metadata <key=value>', 'only documents with this metadata, can be repeated', metadataPair)
    .addHelpText(
      'after',
      examples(programName, [
        ['search why does the water taste of earth', 'no quotes needed'],
        ['search "diesel generator" -k 3 -t pdf,markdown', 'at most 3 hits, from these types'],
        ['search leak -m team=water --json', 'for scripts'],
      ]),
    )
    .action((words: string[], flags: SearchFlags, command: Command) =>
      run(command, i => search(i, words.join(' '), flags)),
    )
}

async function search(invocation: Invocation, query: string, flags: SearchFlags): Promise<ExitCode> {
  return useServer(invocation, { workers: false }, async client => {
    const filters = {
      ...(flags.type && { fileTypes: flags.type }),
      ...(flags.document && { documentIds: await documentIds(client, flags.document) }),
      ...(flags.metadata && { metadata: flags.metadata as Record<string, string> }),
    }
    const response = await client.search({ query, k: flags.k, filters })
    printResult(invocation, response, () => printHits(invocation.out, response))
    return exitCodes.ok
  })
}

async function documentIds(client: SluiceClient, given: readonly string[]): Promise<string[]> {
  return Promise.all(given.map(async id => documentIdOf(await resolveId(client, id))))
}
