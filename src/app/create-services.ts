import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Mode, Provenance, ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { metered } from '../ledger/metered.ts'
import type { Database } from '../platform/database.ts'
import type { OpenAiSimulator } from '../providers/openai/simulator.ts'
import { contentAware } from '../router/content-aware.ts'
import { routed } from '../router/routed.ts'
import type { Providers } from './create-providers.ts'
import type { Router } from './create-router.ts'
import { createSpaces, type Spaces } from './create-spaces.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'

export interface Services {
  parse: MeteredService<ParseInput, ParseOutput>
  /** In the configured vector space. */
  embed: MeteredService<EmbedInput, EmbedOutput>
  spaces: Spaces
  /** Who would take a call of the service now. */
  provenanceOf(service: ServiceName, tenantId: string): Provenance
  describe(): { service: ServiceName; mode: Mode; providers: string[] }[]
  simulator: OpenAiSimulator
  /** Where parsing is only rehearsed. */
  simulatedCloud: Providers['simulatedCloud']
}

export interface ServiceTools {
  database: Database<Tables>
  providers: Providers
  countTokens(text: string): number
  ledger: Ledger
  router: Router
  newId(): string
}

/** Wraps each service once: metered(routed(providers)), and for parsing contentAware around that. */
export function createServices(configuration: Configuration, tools: ServiceTools): Services {
  const { providers, ledger, newId, router } = tools
  const { parse, simulator } = providers
  const embed = providers.embedIn({ model: configuration.embedModel, dimensions: configuration.embedDimensions })
  const chooseParse = routed(
    'parse',
    router.observed(parse, input => input.documentId),
    router.state,
  )
  const chooseEmbed = routed('embed', embed, router.state)
  const spaces = createSpaces(configuration, tools)
  const service = spaces.serviceOf(spaces.configured, '*')
  if (!service) throw new Error(`nobody embeds in the configured space ${spaces.configured.spaceId}`)
  const modeOf = (who: { tenantId: string; routing?: Parameters<typeof router.modes.of>[2] }) =>
    router.modes.of(who.tenantId, 'parse', who.routing)
  return {
    parse: contentAware({
      service: metered({ service: 'parse', chooser: chooseParse, ledger, newId }),
      modeOf,
      localParser: providers.localParser,
      hasPaid: parse.some(one => one.paid),
    }),
    embed: service,
    spaces,
    provenanceOf: (service, tenantId) =>
      (service === 'parse' ? chooseParse : chooseEmbed).expected({ tenantId }).provenance,
    describe: () => [
      { service: 'parse', mode: router.modes.of('*', 'parse').mode, providers: parse.map(nameProvider) },
      { service: 'embed', mode: router.modes.of('*', 'embed').mode, providers: embed.map(nameProvider) },
    ],
    simulator,
    simulatedCloud: providers.simulatedCloud,
  }
}

function nameProvider({ provider, model, paid, simulated, standIn }: Provider<never, unknown>): string {
  const kind = paid ? 'paid' : simulated ? 'simulated' : standIn ? 'free, local' : 'free'
  return `${provider}${standIn ? '' : ` ${model}`} (${kind})`
}
