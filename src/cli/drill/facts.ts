import type { NanoUsd } from '../../contract/money.ts'
import type { SimulatorCounters } from '../../contract/simulators.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'

/** What a scenario left behind: what the server says of documents and money, and what the simulators say that they did and took. */
export interface DrillFacts {
  documents: {
    fileName: string
    sha256: string
    state: string
    live: boolean
    provisional: boolean
    standIn: boolean
  }[]
  /** Money that the simulators took, counted by themselves. */
  charged: Charges
  /** Money that the server's books say was paid. */
  booked: Charges
  /** Money that is still held, whatever for. */
  heldNanoUsd: NanoUsd
  /** Parse jobs that were really worked off, and not answered out of the provider's cache. */
  parseJobs: number
  /** What each budget's present window was overrun by. */
  overrunNanoUsd: NanoUsd
}
export interface Charges {
  parse: NanoUsd
  embed: NanoUsd
}

/** 1,000 credits are $1.25 (LlamaIndex's price list, the same in every region). */
const creditNanoUsd = 1_250_000n
const allTime = { from: '2000-01-01', to: '8999-12-31' }

export function chargesOf({ llamaparse, openai }: SimulatorCounters): Charges {
  // A credit is not divided here: prices of pages are whole credits.
  return { parse: BigInt(llamaparse.credits) * creditNanoUsd, embed: BigInt(openai.chargedNanoUsd) }
}

export function sumOf({ parse, embed }: Charges): NanoUsd {
  return parse + embed
}

export async function readFacts(client: SluiceClient, counters: SimulatorCounters): Promise<DrillFacts> {
  const [documents, money, { budgets }] = [await readDocuments(client), await readMoney(client), await client.budgets()]
  const overruns = budgets.map(({ spentNanoUsd, capNanoUsd }) => BigInt(spentNanoUsd) - BigInt(capNanoUsd))
  return {
    documents,
    charged: chargesOf(counters),
    booked: money.booked,
    heldNanoUsd: money.heldNanoUsd,
    parseJobs: counters.llamaparse.completed - counters.llamaparse.cached,
    overrunNanoUsd: overruns.reduce((most, overrun) => (overrun > most ? overrun : most), 0n),
  }
}

/** What the books say: paid by service, held for calls that have not ended, and the part of that which is in doubt. */
export async function readMoney(client: SluiceClient) {
  const report = await client.costs({ by: 'service', ...allTime })
  const paid = { parse: 0n, embed: 0n }
  for (const row of report.rows)
    if ('calls' in row && row.service !== undefined) paid[row.service] += BigInt(row.costNanoUsd)
  const { heldNanoUsd, inDoubtNanoUsd } = report.totals
  return { booked: paid, heldNanoUsd: BigInt(heldNanoUsd), inDoubtNanoUsd: BigInt(inDoubtNanoUsd) }
}

export async function readDocuments(client: SluiceClient): Promise<DrillFacts['documents']> {
  const documents: DrillFacts['documents'] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.listDocuments({ limit: 200, cursor })
    for (const { fileName, sha256, job, live } of page.items)
      documents.push({
        fileName,
        sha256,
        state: job.state === 'succeeded' ? job.state : `${job.state} at ${job.stage}${whyOf(job)}`,
        live: live !== null && job.state === 'succeeded',
        provisional: live?.provenance.parse.provisional === true,
        standIn: live !== null && live.provenance.parse.provider !== 'llamaparse',
      })
    if (page.nextCursor === null) return documents
    cursor = page.nextCursor
  }
}

function whyOf({
  error,
  deferral,
}: {
  error: { message: string } | null
  deferral: { message: string } | null
}): string {
  const why = error?.message ?? deferral?.message
  return why === undefined ? '' : `: ${why}`
}
