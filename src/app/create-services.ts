import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Mode, ServiceName, VectorSpace } from '../contract/provenance.ts'
import { metered } from '../ledger/metered.ts'
import type { OpenAiSimulator } from '../providers/openai/simulator.ts'
import { routed } from '../router/routed.ts'
import { createProviders, localParserVersion, type ProviderTools } from './create-providers.ts'
import type { Configuration } from './settings.ts'

export interface Services {
  parse: MeteredService<ParseInput, ParseOutput>
  /** Names what a parse result depends on. */
  parseSettingsKey: string
  embed: MeteredService<EmbedInput, EmbedOutput>
  space: VectorSpace & { spaceId: string }
  describe(): { service: ServiceName; mode: Mode; providers: string[] }[]
  simulator: OpenAiSimulator
}

export interface ServiceTools extends ProviderTools {
  newId(): string
}

/** Wraps each service once: metered(routed(providers)). The only mode so far is `mock`. */
export function createServices(configuration: Configuration, tools: ServiceTools): Services {
  const mode = (): Mode => 'mock'
  const { embedModel: model, embedDimensions: dimensions } = configuration
  const { parse, embed, simulator } = createProviders(configuration, tools)
  const space = { provider: 'openai', model, dimensions, revision: '1', simulated: true }
  return {
    parse: metered('parse', routed('parse', parse, mode), tools.newId),
    parseSettingsKey: `local/${localParserVersion};ocr=${configuration.ocr}`,
    embed: metered('embed', routed('embed', embed, mode), tools.newId),
    space: { ...space, spaceId: `simulated-openai-${model}-${dimensions}-1` },
    describe: () => [
      { service: 'parse', mode: mode(), providers: parse.map(p => `${p.provider} (free, local)`) },
      { service: 'embed', mode: mode(), providers: embed.map(e => `${e.provider} ${e.model} (simulated)`) },
    ],
    simulator,
  }
}
