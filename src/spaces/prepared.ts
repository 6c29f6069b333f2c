import type { MeteredService } from '../contract/metered-service.ts'
import { prepareText } from './prepare-text.ts'

interface Texts {
  texts: readonly { text: string; tokenCount: number }[]
}

/**
 * The service for texts as they stand in documents: prepares them as the space's revision says, and counts those anew that changed by it.
 * Token counts that come in are of the texts as they are.
 */
export function prepared<Input extends Texts, Output>(
  service: MeteredService<Input, Output>,
  revision: string,
  countTokens: (text: string) => number,
): MeteredService<Input, Output> {
  const prepare = (input: Input): Input => ({
    ...input,
    texts: input.texts.map(given => {
      const text = prepareText(given.text, revision)
      return text === given.text ? given : { ...given, text, tokenCount: countTokens(text) }
    }),
  })
  return {
    ...service,
    call: (input, context, options) => service.call(prepare(input), context, options),
    quote: (input, who, options) => service.quote(prepare(input), who, options),
  }
}
