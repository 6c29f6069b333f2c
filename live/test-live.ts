/**
 * `npm run test:live`: the client's journeys against the real LlamaCloud, for at most $0.50, and where its simulator differs.
 * Needs LLAMA_CLOUD_API_KEY. Never part of `npm test`.
 */
import { writeFileSync } from 'node:fs'
import { createLlamaCloudSimulator } from '../src/providers/llamaparse/simulator.ts'
import { runAgainstLlamaCloud } from './run-llamaparse.ts'
import { createPdfSimulator } from './simulated-cloud.ts'

const { LLAMA_CLOUD_API_KEY: apiKey = '', LLAMA_CLOUD_BASE_URL: baseUrl = 'https://api.cloud.llamaindex.ai' } =
  process.env
const say = (line: string) => process.stdout.write(`${line}\n`)

if (apiKey === '') say('LLAMA_CLOUD_API_KEY is not set: nothing was run against LlamaCloud.')
else {
  const simulated = await createPdfSimulator(createLlamaCloudSimulator)
  const { failures, differences, spentNanoUsd } = await runAgainstLlamaCloud({ baseUrl, apiKey, simulated, say })
  await simulated.close()
  const report = `live-report-${new Date().toISOString().slice(0, 10)}.json`
  const facts = { baseUrl, failures, differences, spentNanoUsd: String(spentNanoUsd) }
  writeFileSync(report, `${JSON.stringify(facts, null, 2)}\n`)
  say(`\n${failures.length} journeys failed, ${differences.length} observations differ from the simulator: ${report}`)
  process.exitCode = failures.length > 0 ? 1 : 0
}
