import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Mode, Provenance, ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { metered } from '../ledger/metered.ts'
import type { Database } from '../platform/database.ts'
import type { OpenAiSimulator } from '../providers/openai/simulator.ts'
import { routed } from '../router/routed.ts'
import type { Providers } from './create-providers.ts'
import { createSpaces, type Spaces } from './create-spaces.ts'
import type { Configuration } from './settings.ts'

export interface Services {
  parse: MeteredService<ParseInput, ParseOutput>
  /** In the configured vector space. */
  embed: MeteredService<EmbedInput, EmbedOutput>
  spaces: Spaces
  /** Who would take a call of the service now. */
  provenanceOf(service: ServiceName): Provenance
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
  newId(): string
}

/** Wraps each service once: metered(routed(providers)). A parse provider that is paid is used where there is one. */
export function createServices(configuration: Configuration, tools: ServiceTools): Services {
  const { providers, ledger, newId } = tools
  const { embedModel: model, embedDimensions: dimensions, embedMode } = configuration
  const { parse, simulator } = providers
  const embed = providers.embedIn({ model, dimensions })
  const parseMode: Mode = parse.some(provider => provider.paid) ? 'real' : 'mock'
  const chooseParse = routed('parse', parse, () => parseMode)
  const chooseEmbed = routed('embed', embed, () => embedMode)
  const spaces = createSpaces(configuration, tools)
  const service = spaces.serviceOf(spaces.configured)
  if (!service) throw new Error(`nobody embeds in the configured space ${spaces.configured.spaceId}`)
  return {
    parse: metered({ service: 'parse', choose: chooseParse, ledger, newId }),
    embed: service,
    spaces,
    provenanceOf: service => (service === 'parse' ? chooseParse : chooseEmbed)().provenance,
    describe: () => [
      {
        service: 'parse',
        mode: parseMode,
        providers: parse.map(
          p =>
            `${p.provider}${p.provider === 'local' ? '' : ` ${p.model}`} (${p.paid ? 'paid' : p.simulated ? 'simulated' : 'free, local'})`,
        ),
      },
      {
        service: 'embed',
        mode: embedMode,
        providers: embed.map(e => `${e.provider} ${e.model} (${e.paid ? 'paid' : e.simulated ? 'simulated' : 'free'})`),
      },
    ],
    simulator,
    simulatedCloud: providers.simulatedCloud,
  }
}
