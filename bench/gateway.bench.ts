import { Agent, request } from 'node:http'
import { createPlace, type DatabaseKind } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { startSimulator } from './peers-simulator.ts'
import { percentile } from './percentile.ts'
import { startChild } from './start-child.ts'

const model = 'text-embedding-3-small'
const concurrency = 32
/** About as long as OpenAI takes for one short text. */
const providerMs = 100
const rounds = 3
const roundRequests = 600
const singleRequests = 40
const hitTexts = 500
const hitsMs = 5_000

/**
 * Requests for one new text each, 32 at a time, straight to a simulator of OpenAI in a process of its own and through the gateway (in real mode, so with
 * holds and bookings) to the same one, in turns; then requests for texts that are there.
 */
export async function benchGateway(kind: DatabaseKind): Promise<Measurement[]> {
  const place = await createPlace(kind)
  const simulator = await startSimulator(providerMs, model)
  const server = await startChild({
    ...place.environment,
    SLUICE_EMBED_MODE: 'real',
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: simulator.baseUrl,
  })
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const direct = embedAt(`${simulator.baseUrl}/embeddings`, 'sk-bench', agent)
  const through = embedAt(`${server.url}/openai/v1/embeddings`, server.secret, agent)
  try {
    const latencies = { direct: [] as number[], through: [] as number[] }
    await runAll(roundRequests, i => through(`warm-up ${i}`, 'miss'))
    const single = {
      direct: await runAll(singleRequests, i => direct(`alone ${i}`, null), 1),
      through: await runAll(singleRequests, i => through(`alone ${i}`, 'miss'), 1),
    }
    for (let round = 0; round < rounds; round++) {
      const text = (i: number) => `Round ${round} of the gateway, and sentence ${i} of it.`
      latencies.direct.push(...(await runAll(roundRequests, i => direct(text(i), null))))
      latencies.through.push(...(await runAll(roundRequests, i => through(text(i), 'miss'))))
    }
    await runAll(hitTexts, i => through(`a text that is there, number ${i}`, 'miss'))
    const hits = await runFor(hitsMs, i => through(`a text that is there, number ${i % hitTexts}`, 'hit'))
    const [straight, gateway] = [percentile(latencies.direct, 0.5), percentile(latencies.through, 0.5)]
    const alone = percentile(single.through, 0.5) - percentile(single.direct, 0.5)
    return [
      { name: `straight to the provider, p50 of ${concurrency} at once`, value: straight, unit: 'ms' },
      { name: 'through the gateway, p50', value: gateway, unit: 'ms' },
      { name: 'what the gateway adds, p50', value: gateway - straight, unit: 'ms', bound: { atMost: 2 } },
      {
        name: 'what the gateway adds, p95',
        value: percentile(latencies.through, 0.95) - percentile(latencies.direct, 0.95),
        unit: 'ms',
      },
      { name: 'what the gateway adds, one at a time, p50', value: alone, unit: 'ms' },
      { name: 'hits', value: hits.perSecond, unit: '1/s', bound: { atLeast: 2_000 } },
      { name: 'a hit, p50', value: percentile(hits.latencies, 0.5), unit: 'ms' },
      { name: 'a hit, p99', value: percentile(hits.latencies, 0.99), unit: 'ms' },
    ]
  } finally {
    agent.destroy()
    await server.close()
    await simulator.close()
    await place.remove()
  }
}

/** Latencies in milliseconds. */
async function runAll(count: number, send: (i: number) => Promise<void>, atOnce = concurrency): Promise<number[]> {
  const latencies: number[] = []
  let next = 0
  const sender = async () => {
    while (next < count) latencies.push(await timed(send, next++))
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  return latencies
}

async function runFor(forMs: number, send: (i: number) => Promise<void>) {
  const latencies: number[] = []
  const startedAt = performance.now()
  let next = 0
  const sender = async () => {
    while (performance.now() - startedAt < forMs) latencies.push(await timed(send, next++))
  }
  await Promise.all(Array.from({ length: concurrency }, sender))
  return { latencies, perSecond: latencies.length / ((performance.now() - startedAt) / 1_000) }
}

async function timed(send: (i: number) => Promise<void>, i: number): Promise<number> {
  const startedAt = performance.now()
  await send(i)
  return performance.now() - startedAt
}

/** Asks as the official SDKs do, and with as little work of its own as can be. Throws for another answer than the one that is meant. */
function embedAt(url: string, secret: string, agent: Agent) {
  return (input: string, cache: 'hit' | 'miss' | null) =>
    new Promise<void>((resolve, reject) => {
      const body = Buffer.from(JSON.stringify({ model, input, encoding_format: 'base64' }))
      const headers = {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'content-length': body.length,
      }
      const sent = request(url, { method: 'POST', agent, headers }, response => {
        const was = response.headers['x-sluice-cache'] ?? null
        response.resume()
        if (response.statusCode === 200 && was === cache) response.on('end', resolve)
        else reject(new Error(`a request was answered with ${response.statusCode}, ${was} instead of ${cache}`))
      })
      sent.on('error', reject).end(body)
    })
}
