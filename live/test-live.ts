/**
 * `npm run test:live`: the clients' journeys against the real services, and where their simulators differ: LlamaCloud for at most $0.50,
 * if LLAMA_CLOUD_API_KEY is set, OpenAI for at most $0.10, if OPENAI_API_KEY is. Never part of `npm test`.
 */
import { writeFileSync } from 'node:fs'
import { createLlamaCloudSimulator } from '../src/providers/llamaparse/simulator.ts'
import { type LiveResult, runAgainstLlamaCloud } from './run-llamaparse.ts'
import { runAgainstOpenAi } from './run-openai.ts'
import { createPdfSimulator } from './simulated-cloud.ts'
import { serveSimulatedOpenAi } from './simulated-openai.ts'

const {
  LLAMA_CLOUD_API_KEY: cloudKey = '',
  LLAMA_CLOUD_BASE_URL: cloudUrl = 'https://api.cloud.llamaindex.ai',
  OPENAI_API_KEY: openAiKey = '',
  OPENAI_BASE_URL: openAiUrl = 'https://api.openai.com/v1',
} = process.env
const say = (line: string) => process.stdout.write(`${line}\n`)

if (cloudKey === '') say('LLAMA_CLOUD_API_KEY is not set: nothing was run against LlamaCloud.')
else {
  const simulated = await createPdfSimulator(createLlamaCloudSimulator)
  report('llamaparse', cloudUrl, await runAgainstLlamaCloud({ baseUrl: cloudUrl, apiKey: cloudKey, simulated, say }))
  await simulated.close()
}

if (openAiKey === '') say('OPENAI_API_KEY is not set: nothing was run against OpenAI.')
else {
  const simulated = await serveSimulatedOpenAi()
  report('openai', openAiUrl, await runAgainstOpenAi({ baseUrl: openAiUrl, apiKey: openAiKey, simulated, say }))
  await simulated.close()
}

function report(provider: string, baseUrl: string, { failures, differences, spentNanoUsd }: LiveResult): void {
  const path = `live-report-${provider}-${new Date().toISOString().slice(0, 10)}.json`
  const facts = { baseUrl, failures, differences, spentNanoUsd: String(spentNanoUsd) }
  writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
  say(`\n${failures.length} journeys failed, ${differences.length} observations differ from the simulator: ${path}`)
  if (failures.length > 0) process.exitCode = 1
}
