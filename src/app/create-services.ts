import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Mode, Provenance, ServiceName, VectorSpace } from '../contract/provenance.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { metered } from '../ledger/metered.ts'
import type { OpenAiSimulator } from '../providers/openai/simulator.ts'
import { routed } from '../router/routed.ts'
import type { Providers } from './create-providers.ts'
import type { Configuration } from './settings.ts'

export interface Services {
  parse: MeteredService<ParseInput, ParseOutput>
  embed: MeteredService<EmbedInput, EmbedOutput>
  space: VectorSpace & { spaceId: string }
  /** Who would take a call of the service now. */
  provenanceOf(service: ServiceName): Provenance
  describe(): { service: ServiceName; mode: Mode; providers: string[] }[]
  simulator: OpenAiSimulator
  /** Where parsing is only rehearsed. */
  simulatedCloud: Providers['simulatedCloud']
}

export interface ServiceTools {
  providers: Providers
  ledger: Ledger
  newId(): string
}

/** Wraps each service once: metered(routed(providers)). A parse provider that is paid is used where there is one. */
export function createServices(configuration: Configuration, { providers, ledger, newId }: ServiceTools): Services {
  const { embedModel: model, embedDimensions: dimensions, embedMode } = configuration
  const { parse, embed, simulator } = providers
  const parseMode: Mode = parse.some(provider => provider.paid) ? 'real' : 'mock'
  const chooseParse = routed('parse', parse, () => parseMode)
  const chooseEmbed = routed('embed', embed, () => embedMode)
  const simulated = embedMode === 'mock'
  const space = { provider: 'openai', model, dimensions, revision: '1', simulated }
  return {
    parse: metered({ service: 'parse', choose: chooseParse, ledger, newId }),
    embed: metered({ service: 'embed', choose: chooseEmbed, ledger, newId }),
    space: { ...space, spaceId: `${simulated ? 'simulated-' : ''}openai-${model}-${dimensions}-1` },
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
        providers: embed.map(e => `${e.provider} ${e.model} (${e.paid ? 'paid' : 'simulated'})`),
      },
    ],
    simulator,
    simulatedCloud: providers.simulatedCloud,
  }
}
