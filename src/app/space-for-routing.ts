import { AppError } from '../contract/failure.ts'
import type { NamedSpace } from '../contract/provenance.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { ensureSpace } from '../spaces/spaces.sql.ts'
import type { Router } from './create-router.ts'
import type { Spaces } from './create-spaces.ts'

/**
 * The vector space of a version that is to be routed so. Search knows one space for each tenant: only what is not searched may go to another.
 * Throws `validation_failed` for a wish that cannot be had.
 */
export async function spaceForRouting(
  { database, spaces, router }: { database: Database<Tables>; spaces: Spaces; router: Router },
  tenantId: string,
  routing: RouteWish,
): Promise<NamedSpace> {
  const { embed, policy, publish = true } = routing
  if (policy !== undefined && !router.modes.policies[policy])
    throw new AppError('validation_failed', `routing.policy: there is no policy ${policy}; see \`sluice mode list\`.`)
  if (embed === 'local')
    throw new AppError(
      'validation_failed',
      'routing.embed: `local` is for parsing; embeddings are mock, real or hybrid.',
    )
  const usual = await spaces.ensured(tenantId)
  if (embed === undefined) return usual
  const wanted = spaces.named(tenantId, { mode: embed })
  if (wanted.simulated === usual.simulated) return usual
  if (publish)
    throw new AppError(
      'validation_failed',
      `routing.embed: documents of one tenant are searched in one vector space, ${usual.spaceId}; switch the tenant with \`sluice mode set embed\`, or set publish to false.`,
    )
  await ensureSpace(database, tenantId, wanted)
  return wanted
}
