import { z } from 'zod'
import { count, onOff, type Setting, setting, text } from './setting.ts'
import { alertSettings } from './settings-of-alerts.ts'
import { embedSettings } from './settings-of-embedding.ts'
import { monitoringSettings } from './settings-of-monitoring.ts'
import { parseSettings } from './settings-of-parsing.ts'
import { routingSettings } from './settings-of-routing.ts'

/** Every setting there is. `.env.example` and docs/configuration.md are generated from this table. */
export const settings = {
  dataDir: setting(
    'SLUICE_DATA_DIR',
    './.sluice',
    'Folder for uploaded files, the embedded database and the local key.',
    text,
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    '',
    'PostgreSQL 15 or newer with pgvector 0.8 or newer. Empty: the embedded database in the data folder.',
    text,
    true,
  ),
  databaseConnections: setting(
    'SLUICE_DATABASE_CONNECTIONS',
    '10',
    'The most connections of one process to PostgreSQL.',
    count,
  ),
  host: setting('SLUICE_HOST', '127.0.0.1', 'Address to listen on.', text),
  port: setting('SLUICE_PORT', '8480', 'Port to listen on; 0 takes any free one.', count),
  workers: setting(
    'SLUICE_WORKERS',
    'on',
    '`off`: this process serves the API only and leaves the jobs to others.',
    onOff,
  ),
  logLevel: setting(
    'SLUICE_LOG_LEVEL',
    'info',
    'fatal, error, warn, info, debug or trace.',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ),
  maxFileBytes: setting('SLUICE_MAX_FILE_BYTES', '536870912', 'The largest file that is taken (512 MiB).', count),
  maxUnpackedBytes: setting(
    'SLUICE_MAX_UNPACKED_BYTES',
    '536870912',
    'How much a DOCX, PPTX or XLSX file may unpack to (512 MiB).',
    count,
  ),
  maxTextBytes: setting('SLUICE_MAX_TEXT_BYTES', '67108864', 'How much text one document may have (64 MiB).', count),
  parseProcesses: setting(
    'SLUICE_PARSE_PROCESSES',
    '0',
    'Child processes for parsing and chunking; 0: as many as cores.',
    count,
  ),
  parseTimeoutMs: setting('SLUICE_PARSE_TIMEOUT_MS', '300000', 'How long parsing one document may take.', count),
  parseMemoryMb: setting('SLUICE_PARSE_MEMORY_MB', '1024', 'How much memory one child process may use.', count),
  ocr: setting(
    'SLUICE_OCR',
    'auto',
    '`auto`: scanned PDFs are read where Tesseract language data is installed; `off`: never.',
    z.enum(['auto', 'off']),
  ),
  ...parseSettings,
  ...embedSettings,
  ...routingSettings,
  ...monitoringSettings,
  ...alertSettings,
  llamaCloudApiKey: setting(
    'LLAMA_CLOUD_API_KEY',
    '',
    'The key for LlamaCloud; needed for real parsing, and to compare the books with it.',
    text,
    true,
  ),
  llamaCloudOrganizationId: setting(
    'LLAMA_CLOUD_ORGANIZATION_ID',
    '',
    'The organization of that key. Empty: LlamaCloud is not compared.',
    text,
  ),
  llamaCloudBaseUrl: setting(
    'LLAMA_CLOUD_BASE_URL',
    'https://api.cloud.llamaindex.ai',
    'The host of the region: https://api.cloud.eu.llamaindex.ai in the EU.',
    text,
  ),
  budgets: setting(
    'SLUICE_BUDGETS',
    '',
    'Budgets, separated by semicolons, e.g. `$5/day service=parse; $20/month tenant=acme` (docs/budgets.md).',
    text,
  ),
  priceList: setting(
    'SLUICE_PRICE_LIST',
    '',
    'JSON file with prices of your own, which win over the built-in ones (docs/costs.md). Empty: the built-in ones alone.',
    text,
  ),
  simulatedLatencyMs: setting(
    'SLUICE_SIMULATED_LATENCY_MS',
    '0',
    'How long the simulated embedding provider takes to answer.',
    count,
  ),
  vectorIndexAt: setting(
    'SLUICE_VECTOR_INDEX_AT',
    'auto',
    'Vectors in a space from which on an HNSW index is built. `auto`: 20000 on PostgreSQL, never on the embedded database, where building it takes minutes; 0: never.',
    z.union([z.literal('auto'), count]),
  ),
} as const satisfies Record<string, Setting<unknown>>

export type SettingKey = keyof typeof settings
export type Configuration = { [K in SettingKey]: z.output<(typeof settings)[K]['read']> }
