import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { lockLiveSpaces } from './adopt-space.sql.ts'
import { countEmbedded } from './publish-stage.sql.ts'
import { lockTarget, makeLive, moveToLiveSpace, type RollbackTarget, type VersionKey } from './roll-back.sql.ts'

/**
 * Makes a version that was published once the live one again, in the given transaction, and returns what was live before; null when
 * it is live already. Vectors are by text and space, so it belongs to the space that is searched now if that has all of its texts. Throws
 * `document_not_found`, `version_not_found`, or `rollback_refused` for a version that cannot be searched.
 */
export async function rollBack(session: Session<Tables>, key: VersionKey): Promise<{ from: string | null } | null> {
  const { documentId, versionId } = key
  await lockLiveSpaces(session, [key])
  const target = await lockTarget(session, key)
  if (!target) throw new AppError('document_not_found', `There is no document ${documentId}.`)
  if (target.jobState === null)
    throw new AppError('version_not_found', `Document ${documentId} has no version ${versionId}.`)
  if (target.liveVersionId === versionId) return null
  const why = whyUnfinished(target)
  if (why !== null) throw refused(key, why)
  const spaceId = await moveToLiveSpace(session, key)
  const { chunks = 0, embedded = 0 } = (await countEmbedded(session, [key])).get(versionId) ?? {}
  if (chunks === 0 || embedded < chunks)
    throw refused(
      key,
      `${chunks - embedded} of its ${chunks} chunks have no vector in ${spaceId}, the space that search uses now`,
    )
  await makeLive(session, key)
  return { from: target.liveVersionId }
}

function whyUnfinished({ jobState, publishedAt, comparedOnly }: RollbackTarget): string | null {
  if (comparedOnly) return 'it was made to be compared only'
  if (jobState !== 'succeeded' || publishedAt === null) return `it was never complete: its job is ${jobState}`
  return null
}

function refused({ documentId, versionId }: VersionKey, why: string): AppError {
  return new AppError('rollback_refused', `Version ${versionId} of document ${documentId} cannot be searched: ${why}.`)
}
