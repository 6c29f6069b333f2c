import { AppError } from '../contract/failure.ts'
import type { StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { adoptLiveSpaces, lockLiveSpaces } from './adopt-space.sql.ts'
import { countEmbedded, publishVersions } from './publish-stage.sql.ts'

/**
 * Swaps the live version of each document, in the transaction that ends its job. A version goes live only with at least one
 * chunk and a vector for every chunk in the space that is searched; the previous one serves until then and stays for rollback. One that
 * lacks vectors goes back to be embedded.
 */
export function createPublishStage(options: {
  timeoutMs: number
  maxInFlight: number
}): StageHandler<null, Session<Tables>> {
  return {
    stage: 'publish',
    ...options,
    async run(attempts, report) {
      for (const attempt of attempts) report(attempt, { kind: 'done', result: null })
    },
    async save(session, done) {
      const attempts = done.map(d => d.attempt)
      await lockLiveSpaces(session, attempts)
      await adoptLiveSpaces(session, attempts)
      const counts = await countEmbedded(session, attempts)
      for (const { versionId, documentId } of attempts) {
        const { chunks, embedded } = counts.get(versionId) ?? { chunks: 0, embedded: 0 }
        if (chunks === 0 || embedded < chunks) {
          const why = `has ${chunks} chunk(s), ${embedded} of them with a vector`
          throw new AppError(
            'version_incomplete',
            `Version ${versionId} of document ${documentId} ${why}; it was not published.`,
          )
        }
      }
      await publishVersions(session, attempts)
    },
  }
}
