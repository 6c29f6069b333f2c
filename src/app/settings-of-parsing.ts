import { z } from 'zod'
import { parseTierSchema } from '../contract/parse-options.ts'
import { modeSchema } from '../contract/provenance.ts'
import { count, jsonObject, list, setting, text } from './setting.ts'

/** Who parses, and how LlamaParse does. */
export const parseSettings = {
  parseMode: setting(
    'SLUICE_PARSE_MODE',
    'local',
    '`local`: documents are parsed on this machine, free; `mock`: by the LlamaParse client against a simulator inside the process; `real`: by LlamaParse, and LLAMA_CLOUD_API_KEY pays; `hybrid`: page by page, by SLUICE_ROUTING_POLICY. `sluice mode set` switches it at run time.',
    modeSchema,
  ),
  parseTier: setting(
    'SLUICE_LLAMAPARSE_TIER',
    'cost_effective',
    'fast, cost_effective, agentic or agentic_plus. An upload can ask for another.',
    parseTierSchema,
  ),
  parseVersion: setting('SLUICE_LLAMAPARSE_VERSION', 'latest', 'The version of the tier, e.g. 2026-08-19.', text),
  parseRequest: setting(
    'SLUICE_LLAMAPARSE_OPTIONS',
    '',
    'Further fields of LlamaParse\'s request as JSON, e.g. `{"processing_options":{"ignore":{"ignore_diagonal_text":true}}}`.',
    jsonObject,
  ),
  parseDeadlineMs: setting(
    'SLUICE_LLAMAPARSE_DEADLINE_MS',
    '900000',
    'How long LlamaParse may take for a document before its job is given up; 20 s more for each page.',
    count,
  ),
  parseWhenStuck: setting(
    'SLUICE_LLAMAPARSE_WHEN_STUCK',
    'retry',
    'What follows then: `retry` (a new job, up to five), `fallback` (the parser of this machine) or `fail`.',
    z.enum(['retry', 'fallback', 'fail']),
  ),
  parseExchangeTimeoutMs: setting(
    'SLUICE_LLAMAPARSE_TIMEOUT_MS',
    '60000',
    'How long LlamaCloud may take for one answer; ten times that for an upload.',
    count,
  ),
  parseRetention: setting(
    'SLUICE_LLAMAPARSE_RETENTION',
    'keep',
    '`delete`: a job is removed from LlamaCloud once its result is stored here and its cost is known; `keep`: LlamaCloud decides.',
    z.enum(['keep', 'delete']),
  ),
  parseUploadsPer10s: setting(
    'SLUICE_LLAMAPARSE_UPLOADS_PER_10S',
    '50',
    "LlamaCloud's limit of an organization, shared by all processes; 3 on the free plan (20 a minute).",
    count.refine(n => n >= 1, 'at least 1'),
  ),
  publicUrl: setting(
    'SLUICE_PUBLIC_URL',
    '',
    'Where this server is reached from the internet, e.g. https://sluice.example.com: LlamaParse sends its webhooks there. Empty: it is asked instead.',
    text,
  ),
  webhookSecrets: setting(
    'SLUICE_WEBHOOK_SECRETS',
    '',
    'Secrets of webhooks, separated by commas: the first is given to LlamaParse, any of them is accepted (docs/webhooks.md).',
    list,
    true,
  ),
} as const
