import type { EmbedBatchInput, EmbedBatchOutput } from '../contract/embed-batch-service.ts'
import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import { type Mode, type NamedSpace, nameSpace, type VectorSpace } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { metered } from '../ledger/metered.ts'
import type { Database, Session } from '../platform/database.ts'
import { routed } from '../router/routed.ts'
import { newestRevision, revisions } from '../spaces/prepare-text.ts'
import { prepared } from '../spaces/prepared.ts'
import { ensureSpace, readLiveSpace, readSpace } from '../spaces/spaces.sql.ts'
import type { Providers } from './create-providers.ts'
import type { Router } from './create-router.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'

type Reader = Pick<Session<Tables>, 'kysely'>
type BatchMetered = MeteredService<EmbedBatchInput, EmbedBatchOutput>
type EmbedMetered = MeteredService<EmbedInput, EmbedOutput>

/** Vector spaces and who embeds in them. A space is simulated or real for ever: its vectors never come from the other. */
export interface Spaces {
  /** Of tenants that have none yet, in the mode of all. */
  configured: NamedSpace
  /** The space of another model or size, as the present mode of the tenant would make it. */
  named(tenantId: string, wish?: { model?: string; dimensions?: number; mode?: Mode }): NamedSpace
  /** Embeds in this space; null where nobody here can: another provider's, or a real one while the tenant's mode is mock. */
  serviceOf(space: VectorSpace, tenantId: string): EmbedMetered | null
  /** The space that a tenant's search uses; null before its first document. */
  live(tenantId: string): Promise<NamedSpace | null>
  /** Where new documents of a tenant go: into the space that is searched, as long as the mode has not changed since. */
  forNew(live: NamedSpace | null, tenantId: string): NamedSpace
  ofTenant(tenantId: string): Promise<NamedSpace>
  /** The same, and the space is there; a few seconds old at most. */
  ensured(tenantId: string): Promise<NamedSpace>
  /** `reader` is the transaction that is open, if there is one. */
  /** The same within a day, for half the price; null where there is no such thing. */
  batchesById(reader: Reader, tenantId: string, spaceId: string): Promise<BatchMetered | null>
  serviceById(reader: Reader, tenantId: string, spaceId: string): Promise<EmbedMetered | null>
}

interface SpaceTools {
  database: Database<Tables>
  providers: Providers
  ledger: Ledger
  countTokens(text: string): number
  router: Router
  newId(): string
}

const rememberMs = 2_000

export function createSpaces(configuration: Configuration, tools: SpaceTools): Spaces {
  const { embedModel, embedDimensions } = configuration
  const { database, providers, router } = tools
  const { embedProvider: provider, hasRealEmbeddings, simulatedEmbedProvider: simulatedProvider } = providers
  const modeOf = (tenantId: string) => router.modes.of(tenantId, 'embed').mode
  const named: Spaces['named'] = (tenantId, wish = {}) => {
    const { model = embedModel, dimensions = embedDimensions, mode = modeOf(tenantId) } = wish
    const simulated = mode === 'mock'
    const who = simulated ? simulatedProvider : provider
    return nameSpace({ provider: who, model, dimensions, revision: newestRevision, simulated })
  }
  const services = new Map<string, EmbedMetered>()
  const batches = new Map<string, BatchMetered>()
  const byId = new Map<string, NamedSpace>()
  // A tenant's space is the same under its name for ever.
  const spaceById = async (reader: Reader, tenantId: string, spaceId: string) => {
    const key = `${tenantId}/${spaceId}`
    const space = byId.get(key) ?? (await readSpace(reader, tenantId, spaceId))
    if (space) byId.set(key, space)
    return space
  }
  const recent = new Map<string, { space: NamedSpace; until: number }>()

  const spaces: Spaces = {
    get configured() {
      return named('*')
    },
    named,
    serviceOf(space, tenantId) {
      const isReachable = space.simulated
        ? space.provider === simulatedProvider
        : space.provider === provider && hasRealEmbeddings && modeOf(tenantId) !== 'mock'
      // What the simulator gave before is not near to what it gives now.
      const known = space.simulated ? [newestRevision] : revisions
      if (!isReachable || !known.some(revision => revision === space.revision)) return null
      const { spaceId } = nameSpace(space)
      const service = services.get(spaceId) ?? createService(tools, space)
      services.set(spaceId, service)
      return service
    },
    forNew(live, tenantId) {
      const wanted = named(tenantId)
      const isSame = live?.provider === wanted.provider && live.simulated === wanted.simulated
      return live && isSame && spaces.serviceOf(live, tenantId) ? live : wanted
    },
    live: tenantId => readLiveSpace(database, tenantId),
    ofTenant: async tenantId => spaces.forNew(await readLiveSpace(database, tenantId), tenantId),
    async ensured(tenantId) {
      const known = recent.get(tenantId)
      if (known && known.until > Date.now()) return known.space
      const space = await spaces.ofTenant(tenantId)
      await ensureSpace(database, tenantId, space)
      if (recent.size > 10_000) recent.clear()
      recent.set(tenantId, { space, until: Date.now() + rememberMs })
      return space
    },
    async batchesById(reader, tenantId, spaceId) {
      const space = await spaceById(reader, tenantId, spaceId)
      if (!space || !spaces.serviceOf(space, tenantId)) return null
      const service = batches.get(spaceId) ?? createBatches(tools, space)
      if (service) batches.set(spaceId, service)
      return service
    },
    async serviceById(reader, tenantId, spaceId) {
      const space = await spaceById(reader, tenantId, spaceId)
      return space && spaces.serviceOf(space, tenantId)
    },
  }
  return spaces
}

function createService(tools: SpaceTools, space: VectorSpace): EmbedMetered {
  return meteredIn(tools, space, tools.providers.embedIn(space))
}

function createBatches(tools: SpaceTools, space: VectorSpace): BatchMetered | null {
  const able = tools.providers.embedBatchesIn(space)
  return able.some(one => one.simulated === space.simulated) ? meteredIn(tools, space, able) : null
}

/** A simulated space only has simulated vectors, a real one only real ones, whatever the mode is. */
function meteredIn<Input extends { texts: EmbedInput['texts'] }, Output>(
  { ledger, newId, countTokens, router }: SpaceTools,
  space: VectorSpace,
  providers: readonly Provider<Input, Output>[],
): MeteredService<Input, Output> {
  const able = router.observed(providers, input => input.texts[0]?.text.slice(0, 200) ?? '')
  const modeOf: Router['state']['modeOf'] = (tenantId, service, wish) => {
    const own = router.state.modeOf(tenantId, service, wish)
    return space.simulated ? { ...own, mode: 'mock', policy: null } : own
  }
  const chooser = routed('embed', able, { ...router.state, modeOf }, space)
  return prepared(metered({ service: 'embed', chooser, ledger, newId }), space.revision, countTokens)
}
