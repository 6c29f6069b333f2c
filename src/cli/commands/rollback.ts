import type { Command } from 'commander'
import type { DocumentDetail } from '../../contract/document-view.ts'
import { CliFailure, usageFailure } from '../cli-failure.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import { useServer } from '../server/use-server.ts'
import { printable } from '../text/printable.ts'
import { examples } from './examples.ts'
import { documentIdOf, resolveId } from './resolve-id.ts'

interface Flags {
  reason?: string
}

export function addRollback(program: Command, programName: string, run: RunAction): void {
  program
    .command('rollback')
    .summary('make an earlier version of a document live again')
    .description(
      'Lets search find an earlier version, at once; without naming one, the one that was published before the live one. It stays until another ' +
        'version is asked for: what is provisional is not read again by itself then. A later version is brought back in the same way.',
    )
    .argument('<id>', 'document or job id, or its first or last 6 or more characters')
    .argument('[version]', 'version id as `sluice show` lists it, or its first or last 6 or more characters')
    .option('--reason <text>', 'why; it stays in the audit log')
    .addHelpText(
      'after',
      examples(programName, [
        ['rollback 5f0c2a', 'back to the version before'],
        ['rollback 5f0c2a 93be17 --reason "tables were cut"', 'to this one'],
      ]),
    )
    .action((id: string, version: string | undefined, flags: Flags, command: Command) =>
      run(command, invocation => rollBack(invocation, { id, version, ...flags })),
    )
}

async function rollBack(
  invocation: Invocation,
  { id, version, reason }: Flags & { id: string; version: string | undefined },
): Promise<ExitCode> {
  const { before, after } = await useServer(invocation, { workers: false }, async client => {
    const before = await client.document(documentIdOf(await resolveId(client, id)))
    const versionId = version === undefined ? versionBefore(before) : findVersion(before, version)
    return {
      before,
      after: await client.rollBack(before.documentId, versionId, reason === undefined ? {} : { reason }),
    }
  })
  printResult(invocation, after, () => {
    const was = before.live?.versionId
    const now = after.live?.versionId
    const told = was === now ? `version ${now} was live already` : `version ${now} is live now, it was ${was ?? 'none'}`
    invocation.out.line(`${printable(after.fileName)}: ${told}`)
  })
  return exitCodes.ok
}

/** The youngest that was published and is older than the live one. */
function versionBefore({ documentId, versions }: DocumentDetail): string {
  const live = versions.findIndex(version => version.live)
  const found = live < 0 ? undefined : versions.slice(live + 1).find(version => version.publishedAt !== null)
  if (found) return found.versionId
  throw new CliFailure('version_not_found', `Document ${documentId} has no version before the live one.`)
}

function findVersion({ documentId, versions }: DocumentDetail, id: string): string {
  const part = id.toLowerCase()
  if (!/^[0-9a-f][0-9a-f-]{5,35}$/.test(part))
    throw usageFailure(
      `"${id}" is no version id.`,
      'Give one of `sluice show <id>`, or its first or last 6 or more characters.',
    )
  const matches = versions.map(version => version.versionId).filter(v => v.startsWith(part) || v.endsWith(part))
  const [found, ...others] = matches
  if (others.length > 0) throw usageFailure(`${matches.length} versions begin or end with "${id}".`, 'Give more of it.')
  if (found) return found
  throw new CliFailure('version_not_found', `No version of document ${documentId} begins or ends with ${id}.`)
}
