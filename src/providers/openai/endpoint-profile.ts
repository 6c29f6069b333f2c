/** What one request may hold, in the server's own tokens. */
export interface RequestLimits {
  maxInputsPerRequest: number
  maxTokensPerRequest: number
  maxTokensPerInput: number
}

/** How a server that speaks OpenAI's embeddings protocol differs from OpenAI: one client serves them all. */
export interface EndpointProfile {
  /** Its name in prices, provenance and vector spaces. */
  provider: string
  /** Its name for people. */
  label: string
  /** Null: there is no usual address, so that one must be given. */
  baseUrl: string | null
  key: 'needed' | 'optional'
  /** The variable that holds the key, for messages. */
  keyName: string
  keyHeader: 'authorization' | 'api-key'
  query: Readonly<Record<string, string>>
  /** The field that asks for a size of vector. Null: the model has one size, and a server may refuse to be asked. */
  dimensionsField: 'dimensions' | 'output_dimension' | null
  /** The field that asks for base64. Null: numbers come, which are an order of magnitude slower to read. */
  base64Field: 'encoding_format' | 'embedding_type' | null
  /** Further fields of every request. */
  body: Readonly<Record<string, string | number | boolean>>
  limits: RequestLimits
  /** How many tokens it may count at the most for one of cl100k_base. What a call can cost is quoted with it. */
  tokenFactor: number
  /** Those that its tokenizer puts around each text. */
  extraTokensPerText: number
  /** A reply may lack `usage`; then the most that our count can be there is taken. False: such a reply is malformed. */
  usageMayBeMissing: boolean
  /** `free`: runs on the user's own machine. `priced`: a model without a price is refused. */
  cost: 'free' | 'priced'
}

/** The most tokens that a text of so many tokens of cl100k_base can be there. */
export function mostTokens(
  tokenCount: number,
  { tokenFactor, extraTokensPerText }: Pick<EndpointProfile, 'tokenFactor' | 'extraTokensPerText'>,
): number {
  return Math.ceil(tokenCount * tokenFactor) + extraTokensPerText
}

/** The same of several texts together. */
export function mostTokensOf(
  tokenCount: number,
  texts: number,
  { tokenFactor, extraTokensPerText }: Pick<EndpointProfile, 'tokenFactor' | 'extraTokensPerText'>,
): number {
  // Each text's own count is rounded up.
  return Math.ceil(tokenCount * tokenFactor) + (extraTokensPerText + (Number.isInteger(tokenFactor) ? 0 : 1)) * texts
}

/** The fields of a request beside its texts. */
export function requestFields(
  { dimensionsField, base64Field, body }: EndpointProfile,
  { model, dimensions }: { model: string; dimensions: number },
): Record<string, string | number | boolean> {
  return {
    ...body,
    model,
    ...(dimensionsField && { [dimensionsField]: dimensions }),
    ...(base64Field && { [base64Field]: 'base64' }),
  }
}
