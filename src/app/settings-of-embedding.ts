import { z } from 'zod'
import { endpointNames } from '../providers/openai/endpoint-profiles.ts'
import { readEndpointOptions } from './read-endpoint-options.ts'
import { count, setting, text } from './setting.ts'

/** Who embeds, and how it is reached. docs/providers.md is for the user. */
export const embedSettings = {
  embedModel: setting(
    'SLUICE_EMBED_MODEL',
    'text-embedding-3-small',
    "The embedding model; at OpenAI text-embedding-3-small or text-embedding-3-large. At Azure the deployment's name.",
    text,
  ),
  embedDimensions: setting(
    'SLUICE_EMBED_DIMENSIONS',
    '1536',
    'Size of the vectors, which the model must make; above 2000 the optional index compares them in half precision.',
    count.refine(n => n >= 1 && n <= 4000, 'between 1 and 4000'),
  ),
  embedBatches: setting(
    'SLUICE_EMBED_BATCHES',
    'deadline',
    "Which documents are embedded by OpenAI's Batch API, within a day and for half the price: `deadline`, those whose deadline is at least 26 hours away; `always`, all; `never`, none.",
    z.enum(['deadline', 'always', 'never']),
  ),
  driftCheckHours: setting(
    'SLUICE_DRIFT_CHECK_HOURS',
    '24',
    'How often three texts of each searched vector space are embedded again, to see whether the model still gives the same vectors; 0: never.',
    count,
  ),
  embedMode: setting(
    'SLUICE_EMBED_MODE',
    'mock',
    '`mock`: embeddings are simulated, nothing is paid; `real`: SLUICE_EMBED_PROVIDER makes them, and its key pays; `hybrid`: the same, never in another space. `sluice mode set` switches it at run time.',
    z.enum(['mock', 'real', 'hybrid']),
  ),
  embedProvider: setting(
    'SLUICE_EMBED_PROVIDER',
    'openai',
    `Who makes real embeddings: ${endpointNames.join(', ')} (docs/providers.md).`,
    z.enum(endpointNames),
  ),
  embedKey: setting(
    'SLUICE_EMBED_KEY',
    '',
    'The key for that provider. Empty: OPENAI_API_KEY for openai; none for others, which ollama, vllm, tei and custom can do with.',
    text,
    true,
  ),
  embedBaseUrl: setting(
    'SLUICE_EMBED_BASE_URL',
    '',
    'Where that provider is reached, as far as before `/embeddings`. Empty: its usual address, or OPENAI_BASE_URL for openai; azure and custom have none.',
    text,
  ),
  embedOptions: setting(
    'SLUICE_EMBED_OPTIONS',
    '',
    'What is different there from what is known of it, e.g. `inputs=64, input-tokens=512, token-factor=1.5` (docs/providers.md).',
    z.string().transform(readEndpointOptions),
  ),
  openAiApiKey: setting('OPENAI_API_KEY', '', 'The key for OpenAI; needed for real embeddings only.', text, true),
  openAiBaseUrl: setting(
    'OPENAI_BASE_URL',
    'https://api.openai.com/v1',
    'Where OpenAI, or what behaves just like it, is reached.',
    text,
  ),
  openAiAdminKey: setting(
    'OPENAI_ADMIN_KEY',
    '',
    'An admin key of the organization, to compare the books with its usage reports. Empty: OpenAI is not compared.',
    text,
    true,
  ),
  openAiProjectId: setting(
    'OPENAI_PROJECT_ID',
    '',
    'The project that only Sluice uses; usage of others is left out. Empty: all of the organization.',
    text,
  ),
} as const
