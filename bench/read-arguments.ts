import { parseArgs } from 'node:util'
import type { DatabaseKind } from './create-place.ts'

export const parts = [
  'start',
  'chunker',
  'forecast',
  'routing',
  'ledger',
  'webhooks',
  'events',
  'gateway',
  'pipeline',
  'search',
  'peers',
  'limits',
  'outage',
  'hung',
  'overhead',
  'dashboard',
] as const
export type Part = (typeof parts)[number]

export interface BenchArguments {
  parts: readonly Part[]
  databases: readonly DatabaseKind[]
  documents: number
  /** Of the ledger, under the dashboard. */
  entries: number
  /** Also with ten times the documents. */
  scale: boolean
  json: boolean
  /** A folder for CPU profiles of the server. */
  profileDir: string | undefined
  /** How often each contender runs beside its peers. */
  rounds: number
  /** How long the outage lasts. */
  minutes: number
}

const onlyWhenNamed: readonly Part[] = ['peers', 'limits', 'outage', 'hung', 'overhead', 'dashboard']

export const usage = `npm run bench -- [${parts.join(' | ')}]… [--database embedded | postgres] [--documents 200]
  [--scale] (also ten times the documents) [--json] [--profile <folder>] (CPU profiles of the server, for Chrome's tools)
  [--rounds 3] (of peers, which runs only when it is named: it installs other libraries in bench/peers; so do limits, which takes three minutes, outage, and hung and overhead, which take five minutes for each database)
  [--minutes 1] (of the outage) [--entries 2000] (of the ledger, for dashboard, which runs only when it is named and takes five minutes at 100,000 documents and
  1,000,000 entries)
PostgreSQL is that of TEST_DATABASE_URL or DATABASE_URL; scratch databases are made in it and dropped.`

/** Throws with the usage for what it does not know. */
export function readArguments(given: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      database: { type: 'string', multiple: true },
      documents: { type: 'string', default: '200' },
      scale: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      minutes: { type: 'string', default: '1' },
      entries: { type: 'string', default: '2000' },
    },
  })
  const unknown = [
    ...positionals.filter(part => !(parts as readonly string[]).includes(part)),
    ...(values.database ?? []).filter(database => database !== 'embedded' && database !== 'postgres'),
    ...[values.documents, values.rounds, values.minutes, values.entries].filter(number => !/^[1-9]\d*$/.test(number)),
  ]
  if (unknown.length > 0) throw new Error(`not understood: ${unknown.join(' ')}\n${usage}`)
  return {
    parts: positionals.length > 0 ? (positionals as Part[]) : parts.filter(part => !onlyWhenNamed.includes(part)),
    databases: (values.database as DatabaseKind[] | undefined) ?? ['embedded', 'postgres'],
    documents: Number(values.documents),
    scale: values.scale,
    json: values.json,
    profileDir: values.profile,
    rounds: Number(values.rounds),
    minutes: Number(values.minutes),
    entries: Number(values.entries),
  }
}
