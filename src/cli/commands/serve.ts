import type { Command } from 'commander'
import type { CliIo } from '../cli-io.ts'
import type { GlobalOptions } from '../global-options.ts'
import { dataDirOf } from '../server/find-server.ts'

/** The server handles its signals itself, so this command runs without the others' frame. */
export function addServe(program: Command, io: CliIo): void {
  program
    .command('serve')
    .summary('run the server')
    .description('Runs the HTTP API and the workers until Ctrl-C. Unfinished work resumes.')
    .action((_flags: object, command: Command) =>
      io.serve({ dataDir: dataDirOf(io, command.optsWithGlobals<GlobalOptions>()) }),
    )
}
