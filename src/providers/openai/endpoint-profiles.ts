import type { EndpointProfile } from './endpoint-profile.ts'
import { maxInputsPerRequest, maxTokensPerInput, maxTokensPerRequest } from './limits.ts'

export const endpointNames = [
  'openai',
  'azure',
  'ollama',
  'vllm',
  'tei',
  'cohere',
  'voyage',
  'jina',
  'mistral',
  'custom',
] as const
export type EndpointName = (typeof endpointNames)[number]

/**
 * Tokenizers of other families count more, most of all digits: cl100k_base takes up to three of them in one token, these one in each.
 * Measured with those of Llama 2 (which Mistral's and Voyage's first models use), Qwen 2.5 and Gemma 3: prose and code in fourteen
 * scripts at most 1.4 times ours, tables of numbers 1.9, digits and long rules alone 3.0, and up to two tokens around each text. None of
 * it was measured at these providers: `token-factor` overrides it.
 */
const otherTokenizer = { tokenFactor: 3, extraTokensPerText: 2 }

export const openAiProfile: EndpointProfile = {
  provider: 'openai',
  label: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  key: 'needed',
  keyName: 'OPENAI_API_KEY',
  keyHeader: 'authorization',
  query: {},
  dimensionsField: 'dimensions',
  base64Field: 'encoding_format',
  body: {},
  limits: { maxInputsPerRequest, maxTokensPerRequest, maxTokensPerInput },
  tokenFactor: 1,
  extraTokensPerText: 0,
  usageMayBeMissing: false,
  cost: 'priced',
}

/** Paid, with another tokenizer, and less sure to say what it counted. */
const otherService = {
  ...openAiProfile,
  keyName: 'SLUICE_EMBED_KEY',
  ...otherTokenizer,
  usageMayBeMissing: true,
} as const

/**
 * On the user's own machine: it costs nothing and needs no key. How long a text may be depends on the model, and a text that is too
 * long costs nothing there either, so nothing is refused here first.
 */
const ownServer = {
  ...otherService,
  key: 'optional',
  cost: 'free',
  tokenFactor: 1,
  extraTokensPerText: 0,
  limits: { maxInputsPerRequest: 128, maxTokensPerRequest: 65_536, maxTokensPerInput: 65_536 },
} as const

/** What is known of each; `SLUICE_EMBED_OPTIONS` overrides it. Only `openai` was compared with the real service. */
export const endpointProfiles: Readonly<Record<EndpointName, EndpointProfile>> = {
  openai: openAiProfile,
  /**
   * Key in `api-key`; `api-version` is optional at the v1 API and needed at `/openai/deployments/<name>`. Limits as at OpenAI.
   * https://learn.microsoft.com/azure/ai-foundry/openai/reference-preview-latest (embeddings)
   */
  azure: {
    ...openAiProfile,
    provider: 'azure',
    label: 'Azure OpenAI',
    baseUrl: null,
    keyName: 'SLUICE_EMBED_KEY',
    keyHeader: 'api-key',
  },
  /** Takes both fields: https://github.com/ollama/ollama docs/api/openai-compatibility.mdx. Before 2025 it knew neither and sent no usage. */
  ollama: { ...ownServer, provider: 'ollama', label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  /**
   * Refuses `dimensions` with 400 unless the model is marked as Matryoshka: https://github.com/vllm-project/vllm/pull/16331.
   * Port: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
   */
  vllm: { ...ownServer, provider: 'vllm', label: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1', dimensionsField: null },
  /**
   * 32 inputs by default (`--max-client-batch-size`): https://huggingface.co/docs/text-embeddings-inference/cli_arguments.
   * `encoding_format` and later `dimensions` came with 1.5 and after (router/src/http/types.rs); an old one ignores the first.
   */
  tei: {
    ...ownServer,
    provider: 'tei',
    label: 'Text Embeddings Inference',
    baseUrl: 'http://127.0.0.1:8080/v1',
    dimensionsField: null,
    limits: { ...ownServer.limits, maxInputsPerRequest: 32 },
  },
  /**
   * `dimensions` is not supported, `encoding_format` is: https://docs.cohere.com/docs/compatibility-api. 96 texts:
   * https://docs.cohere.com/reference/embed. embed-v4.0 takes 128,000 tokens; a limit for a request is not documented, this one is a guess.
   */
  cohere: {
    ...otherService,
    provider: 'cohere',
    label: 'Cohere',
    baseUrl: 'https://api.cohere.ai/compatibility/v1',
    dimensionsField: null,
    limits: { maxInputsPerRequest: 96, maxTokensPerRequest: 128_000, maxTokensPerInput: 128_000 },
  },
  /**
   * 1,000 texts and, for the models that take least, 120,000 tokens; base64 or nothing; texts that are too long would be cut off:
   * https://docs.voyageai.com/reference/embeddings-api. 16,000 tokens a text is the least of the models since 2024 (voyage-law-2).
   */
  voyage: {
    ...otherService,
    provider: 'voyage',
    label: 'Voyage',
    baseUrl: 'https://api.voyageai.com/v1',
    dimensionsField: 'output_dimension',
    body: { truncation: false },
    limits: { maxInputsPerRequest: 1000, maxTokensPerRequest: 120_000, maxTokensPerInput: 16_000 },
  },
  /**
   * Refuses `encoding_format` (https://github.com/QuantumNous/new-api/issues/1941), base64 is an `embedding_type`; 512 texts for v4,
   * the least of its models (https://github.com/langgenius/dify-official-plugins/issues/1997); 8,192 tokens a text for v3. A limit
   * of tokens for a request is not documented, this one is a guess.
   */
  jina: {
    ...otherService,
    provider: 'jina',
    label: 'Jina',
    baseUrl: 'https://api.jina.ai/v1',
    base64Field: 'embedding_type',
    limits: { maxInputsPerRequest: 512, maxTokensPerRequest: 100_000, maxTokensPerInput: 8192 },
  },
  /**
   * `output_dimension` is for codestral-embed alone, so it is not sent unless asked for: https://docs.mistral.ai/api/endpoint/embeddings.
   * 256 texts (rig-core 0.42.0, providers/mistral/embedding.rs) of 16,384 tokens together
   * (https://github.com/aurelio-labs/semantic-router/issues/297), 8,192 each (https://github.com/langchain-ai/langchain/issues/20523).
   */
  mistral: {
    ...otherService,
    provider: 'mistral',
    label: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    dimensionsField: null,
    limits: { maxInputsPerRequest: 256, maxTokensPerRequest: 16_384, maxTokensPerInput: 8192 },
  },
  /** Asks for nothing that a server might not know, and is priced unless the user says that it is free. */
  custom: {
    ...otherService,
    provider: 'custom',
    label: 'The embeddings server',
    baseUrl: null,
    key: 'optional',
    dimensionsField: null,
    base64Field: null,
    limits: { maxInputsPerRequest: 32, maxTokensPerRequest: 16_384, maxTokensPerInput: 8192 },
  },
}
