import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { generateDocuments } from './generate-documents.ts'

export interface SimulatorCounters {
  requests: number
  tokens: number
}

/** `sluice simulate` in a process of its own. */
export interface SimulatorProcess {
  /** Of OpenAI's API. */
  baseUrl: string
  counters(): Promise<SimulatorCounters>
  close(): Promise<void>
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const warmUpRequests = 10

/** Starts it with this latency and no limits, and lets it work until its code is compiled, so that the first contender has no slower one. */
export async function startSimulator(latencyMs: number, model: string): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [main, 'simulate', '--port', '0', '--latency', String(latencyMs)], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const url = await Promise.race([readUrl(child.stderr), exited.then(() => null)])
  if (url === null) throw new Error('the simulator ended before it was ready')
  const baseUrl = `${url}/v1`
  await warmUp(baseUrl, model)
  return {
    baseUrl,
    async counters() {
      const response = await fetch(`${url}/sluice/counters`)
      return ((await response.json()) as { openai: SimulatorCounters }).openai
    },
    async close() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function readUrl(stderr: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: stderr })) {
    const [, url] = / OpenAI at (\S+)\/v1/.exec(line) ?? []
    if (url === undefined) continue
    stderr.resume()
    return url
  }
  return null
}

/** Documents of another seed than the measured ones, each cut into ten pieces. */
async function warmUp(baseUrl: string, model: string): Promise<void> {
  for (const { markdown } of generateDocuments(warmUpRequests, 7)) {
    const input = Array.from({ length: 10 }, (_, i) => markdown.slice(i * 2_000, (i + 1) * 2_000))
    const response = await fetch(`${baseUrl}/embeddings`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-bench', 'content-type': 'application/json' },
      body: JSON.stringify({ model, input, encoding_format: 'base64' }),
    })
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`)
    await response.arrayBuffer()
  }
}
