import { isTerminal } from '../../contract/job.ts'
import type { JobView } from '../../contract/job-view.ts'
import type { NanoUsd } from '../../contract/money.ts'
import type { ScratchPlace, ScratchServer, ScratchServerWish } from '../../contract/scratch-server.ts'
import type { RunningSimulators } from '../../contract/simulators.ts'
import type { CliIo } from '../cli-io.ts'
import { eachLimited } from '../ingest/each-limited.ts'
import { type FoundFile, mediaTypeOf, readBytes } from '../ingest/expand-paths.fs.ts'
import { mayPass } from '../ingest/poll-jobs.ts'
import { createClient, type SluiceClient, type Upload } from '../server/sluice-client.http.ts'
import { chargesOf, type DrillFacts, readDocuments, readMoney } from './facts.ts'
import type { Happenings } from './judge.ts'

/** What a scenario is played on: its files, its server, and the simulators that take its money. */
export interface Ground {
  readonly files: readonly FoundFile[]
  readonly signal: AbortSignal
  /** While true, both providers answer nothing but 503. */
  isDown: boolean
  /** How many requests met that. */
  metDown: number
  readonly happened: Happenings
  readonly notes: string[]
  /** Checksums of the files that the server has acknowledged. */
  readonly acknowledged: Set<string>
  readonly simulators: RunningSimulators
  /** Of the server that was started last; its calls stop with `until`, or with the scenario. */
  client(until?: AbortSignal): SluiceClient
  start(wish?: Omit<ScratchServerWish, 'settings'>): Promise<ScratchServer | null>
  pause(durationMs: number): Promise<void>
  /** Sends the files until all are acknowledged; a server that dies meanwhile ends it. */
  sendAll(): Promise<void>
  uploadOf(file: FoundFile): Promise<Upload>
  /** Until the job is over. */
  ended(jobId: string): Promise<JobView>
  documents(): Promise<DrillFacts['documents']>
  /** Until every document is what it should be and no money is held, or one has failed for good. */
  untilComplete(meanwhile?: () => Promise<void>): Promise<void>
}

const lookEveryMs = 250

export function createGround(
  io: Pick<CliIo, 'pause' | 'newId'>,
  parts: {
    files: readonly FoundFile[]
    place: ScratchPlace
    settings: Readonly<Record<string, string>>
    simulators: RunningSimulators
    signal: AbortSignal
  },
): Ground {
  const { files, place, settings, simulators, signal } = parts
  let server: ScratchServer | null = null
  const ground: Ground = {
    ...{ files, signal, simulators, isDown: false, metDown: 0, notes: [], acknowledged: new Set() },
    happened: { aboveCapNanoUsd: 0n, boughtAgainNanoUsd: 0n },
    pause: durationMs => io.pause(durationMs, signal),
    client(until = signal) {
      if (server === null) throw new Error('the drill has started no server yet')
      return createClient(server, io.newId, until)
    },
    async start(wish = {}) {
      const urls = { LLAMA_CLOUD_BASE_URL: simulators.url, OPENAI_BASE_URL: `${simulators.url}/v1` }
      const started = await place.start({ ...wish, settings: { ...settings, ...urls } })
      server = started ?? server
      return started
    },
    async uploadOf(file) {
      const wishes = { metadata: {}, chunking: {}, parsing: {} }
      const { fileName } = file
      return { fileName, mediaType: mediaTypeOf(fileName), bytes: await readBytes(file), wishes }
    },
    async sendAll() {
      await eachLimited(files, 4, async file => {
        try {
          const { document } = await ground.client().upload(await ground.uploadOf(file))
          ground.acknowledged.add(document.sha256)
        } catch (error) {
          signal.throwIfAborted()
          if (!mayPass(error)) throw error
        }
      })
    },
    async ended(jobId) {
      for (;;) {
        const job = await ground.client().job(jobId)
        if (isTerminal(job.state)) return job
        await ground.pause(lookEveryMs)
      }
    },
    documents: () => readDocuments(ground.client()),
    async untilComplete(meanwhile) {
      for (;;) {
        await meanwhile?.()
        const documents = await ground.documents()
        if (documents.some(({ state }) => /^(failed|cancelled)/.test(state))) return
        const complete = documents.every(({ live, provisional }) => live && !provisional)
        if (complete && documents.length >= files.length && (await readMoney(ground.client())).heldNanoUsd === 0n)
          return
        await ground.pause(lookEveryMs)
      }
    },
  }
  return ground
}

/**
 * Says of embedding calls in doubt what the simulator's own count says of them, as an operator would who reads the provider's bill. What was
 * charged is bought again; LlamaParse's calls are cleared up by the server itself.
 */
export async function decideDoubts(ground: Ground): Promise<void> {
  const client = ground.client()
  const doubts = (await client.callsInDoubt()).calls.filter(({ service }) => service === 'embed')
  if (doubts.length === 0) return
  const before = chargesOf(ground.simulators.counters()).embed
  const { booked, heldNanoUsd, inDoubtNanoUsd } = await readMoney(client)
  // With other calls under way, nobody could tell whose charge it was.
  if (heldNanoUsd !== inDoubtNanoUsd || chargesOf(ground.simulators.counters()).embed !== before) return
  let unbooked = before - booked.embed
  for (const { callId, heldNanoUsd: held } of doubts) {
    const cost: NanoUsd = unbooked < BigInt(held) ? unbooked : BigInt(held)
    const reason = 'by the count of the simulator'
    if (cost > 0n) await client.resolveCall(callId, { outcome: 'charged', costNanoUsd: String(cost), reason })
    else await client.resolveCall(callId, { outcome: 'not_charged', reason })
    unbooked -= cost
    ground.happened.boughtAgainNanoUsd += cost
  }
}
