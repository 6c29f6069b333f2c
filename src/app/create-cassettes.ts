import type { Exchange } from '../cassettes/cassette.ts'
import { openCassetteFolder } from '../cassettes/cassette-folder.fs.ts'
import { recordTo } from '../cassettes/record.ts'
import { replayFrom } from '../cassettes/replay.ts'
import { AppError } from '../contract/failure.ts'
import type { Configuration } from './settings.ts'

export interface Cassettes {
  /** What real clients send through, so that it is kept; undefined where nothing is recorded. */
  recorded: Exchange | undefined
  /** What answers in mode `mock` instead of the simulators; undefined where nothing is replayed. */
  replayed: Exchange | undefined
}

/** Throws `configuration_invalid` where no folder is named. */
export function createCassettes(configuration: Configuration, countTokens: (text: string) => number): Cassettes {
  const { cassettes, cassetteDir } = configuration
  if (cassettes === 'off') return { recorded: undefined, replayed: undefined }
  if (cassetteDir === '')
    throw new AppError('configuration_invalid', `SLUICE_CASSETTES is ${cassettes}, and SLUICE_CASSETTE_DIR is not set.`)
  const store = openCassetteFolder(cassetteDir)
  if (cassettes === 'replay') return { recorded: undefined, replayed: replayFrom(store) }
  return { recorded: recordTo({ store, forward: request => fetch(request), countTokens }), replayed: undefined }
}

/** Under a name of its own: what is replayed is neither what the provider says today nor what its simulator does. */
export function replayedName(provider: string, { replayed }: Cassettes): string {
  return replayed ? `${provider}-replayed` : provider
}
