import type { Command } from 'commander'
import type { IngestOptions } from '../ingest/ingest-files.ts'

/** The options that say how long a command follows the jobs that it starts; `followOf` reads them. */
export function withWatching(command: Command, noWaitHelp: string): Command {
  return command
    .option('--wait', 'keep watching what is deferred, e.g. until there is money for it')
    .option('--no-wait', noWaitHelp)
}

/** What `--wait` and `--no-wait` leave in the flags. */
export interface WatchFlags {
  wait?: boolean
}

export function followOf({ wait }: WatchFlags): IngestOptions['follow'] {
  if (wait === undefined) return 'until_parked'
  return wait ? 'to_the_end' : 'not'
}
