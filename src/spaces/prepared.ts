import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import { prepareText } from './prepare-text.ts'

/**
 * The service for texts as they stand in documents: prepares them as the space's revision says, and counts those anew that changed by it.
 * Token counts that come in are of the texts as they are.
 */
export function prepared(
  service: MeteredService<EmbedInput, EmbedOutput>,
  revision: string,
  countTokens: (text: string) => number,
): MeteredService<EmbedInput, EmbedOutput> {
  const prepare = ({ texts }: EmbedInput): EmbedInput => ({
    texts: texts.map(given => {
      const text = prepareText(given.text, revision)
      return text === given.text ? given : { text, tokenCount: countTokens(text) }
    }),
  })
  return {
    ...service,
    call: (input, context, options) => service.call(prepare(input), context, options),
    quote: (input, options) => service.quote(prepare(input), options),
  }
}
