/** `npm run bench`: speed, memory and search figures with their bounds; see docs/performance.md. */
import { writeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { benchDatabase } from './bench-database.ts'
import { benchChunker } from './chunker.bench.ts'
import { type DatabaseKind, postgresUrl } from './create-place.ts'
import { benchDashboard } from './dashboard.bench.ts'
import { benchEvents } from './events.bench.ts'
import { benchForecast } from './forecast.bench.ts'
import { benchGateway } from './gateway.bench.ts'
import { benchHung } from './hung.bench.ts'
import { benchLedger } from './ledger.bench.ts'
import { benchLimits } from './limits.bench.ts'
import { formatMeasurements, type Measurement, meetsBound } from './measurement.ts'
import { benchOutage } from './outage.bench.ts'
import { benchOverhead } from './overhead.bench.ts'
import { benchPeers } from './peers.bench.ts'
import { type BenchArguments, type Part, readArguments } from './read-arguments.ts'
import { benchRouting } from './routing.bench.ts'
import { benchStart } from './start.bench.ts'
import { benchWebhooks } from './webhooks.bench.ts'

/** Parts that are measured on either database, in this order. */
const onEachDatabase: { [part in Part]?: (kind: DatabaseKind, wish: BenchArguments) => Promise<Measurement[]> } = {
  outage: (kind, { minutes }) => benchOutage(kind, minutes),
  hung: benchHung,
  overhead: benchOverhead,
  dashboard: benchDashboard,
  ledger: benchLedger,
  webhooks: benchWebhooks,
  events: benchEvents,
  gateway: benchGateway,
}

const wanted = readArguments(process.argv.slice(2))
const all: (Measurement & { part: string })[] = []

function report(part: string, measurements: readonly Measurement[]): void {
  if (measurements.length === 0) return
  all.push(...measurements.map(m => ({ part, ...m })))
  if (!wanted.json) writeSync(1, `\n${formatMeasurements(part, measurements)}`)
}

function remark(text: string): void {
  writeSync(2, `${text}\n`)
}

remark(`Node ${process.version}, ${availableParallelism()} cores`)
if (wanted.parts.includes('start')) report('start', await benchStart())
if (wanted.parts.includes('chunker')) report('chunker', await benchChunker())
if (wanted.parts.includes('routing')) report('routing', benchRouting())
if (wanted.parts.includes('forecast')) report('forecast', benchForecast())
if (['pipeline', 'search', ...Object.keys(onEachDatabase)].some(part => wanted.parts.includes(part as Part))) {
  for (const kind of wanted.databases) {
    if (kind === 'postgres' && postgresUrl === null)
      remark('postgres: skipped, neither TEST_DATABASE_URL nor DATABASE_URL is set')
    else await benchKind(kind, wanted)
  }
}
if (wanted.parts.includes('peers')) report('peers', await benchPeers({ ...wanted, remark }))
if (wanted.parts.includes('limits')) report('limits', await benchLimits())
if (wanted.json) writeSync(1, `${JSON.stringify(all, null, 2)}\n`)
const missed = all.filter(m => !meetsBound(m))
if (missed.length > 0) remark(`\nMissed: ${missed.map(m => `${m.part}, ${m.name}`).join('; ')}`)
process.exitCode = missed.length > 0 ? 1 : 0

async function benchKind(kind: DatabaseKind, wish: BenchArguments): Promise<void> {
  const { parts, documents, scale, profileDir } = wish
  for (const [part, bench] of Object.entries(onEachDatabase))
    if (parts.includes(part as Part)) report(`${part}, ${kind}`, await bench(kind, wish))
  if (!parts.includes('pipeline') && !parts.includes('search')) return
  const search = parts.includes('search')
  const run = (count: number, index: boolean, profile: string | undefined) =>
    benchDatabase({
      kind,
      documents: count,
      search,
      index,
      profileDir: profile,
      report(part, measurements) {
        if (parts.includes(part)) report(`${part}, ${kind}, ${count} documents`, measurements)
      },
    })
  const onceMs = await run(documents, search, profileDir)
  if (!scale) return
  const tenfoldMs = await run(documents * 10, search && kind === 'postgres', undefined)
  const ratio = tenfoldMs / onceMs
  report(`scale, ${kind}`, [
    { name: 'time for ten times the documents', value: ratio, unit: '×', bound: { atMost: 11 } },
  ])
}
