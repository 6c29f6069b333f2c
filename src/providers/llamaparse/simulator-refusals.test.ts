import assert from 'node:assert/strict'
import { test } from 'node:test'
import LlamaCloud from '@llamaindex/llama-cloud'
import refusals from './__fixtures__/refusals.json' with { type: 'json' }
import { basic, fileOf, setUpCloud } from './__fixtures__/simulated-cloud.ts'

type Sdk = ReturnType<typeof setUpCloud>['sdk']

/** What brings each of the recorded refusals about. */
const causes: Record<string, (cloud: ReturnType<typeof setUpCloud>) => Promise<unknown>> = {
  'credits used up': ({ sdk, simulator }) => {
    simulator.inject({ kind: 'credits_spent' })
    return upload(sdk)
  },
  'unknown job': ({ sdk }) => sdk.parsing.get('pjb-none'),
  'Markdown of the fast tier': async ({ sdk }) => {
    const { id } = await upload(sdk, { tier: 'fast' })
    return sdk.parsing.get(id, { expand: ['markdown'] })
  },
  'empty file': ({ sdk }) => upload(sdk, { upload_file: new File([], 'empty.pdf') }),
  'no file': ({ simulator }) => postForm(simulator),
  'unknown field of an upload': ({ sdk }) => upload(sdk, { take_screenshot: true }),
  'server error': ({ sdk, simulator }) => {
    simulator.inject({ kind: 'server_error' })
    return upload(sdk)
  },
}

for (const { name, status, body } of refusals) {
  test(`as it is documented or was reported: ${name}`, async () => {
    const refused = Promise.resolve(causes[name]?.(setUpCloud()))
    await assert.rejects(refused, (error: InstanceType<typeof LlamaCloud.APIError>) => {
      assert.equal(error.status, status)
      const { detail } = error.error as { detail: string }
      const id = /[0-9a-f]{8}-[0-9a-f-]{27}$/
      assert.equal(detail.replace(id, ''), body.detail.replace(id, ''))
      assert.equal(id.test(detail), id.test(body.detail))
      return true
    })
  })
}

function upload(sdk: Sdk, params: object = {}) {
  return sdk.parsing.create({ ...basic, upload_file: fileOf('a'), ...params })
}

/** A form without a file, which the SDK would not send. */
async function postForm(simulator: ReturnType<typeof setUpCloud>['simulator']): Promise<never> {
  const body = new FormData()
  body.append('configuration', JSON.stringify(basic))
  const init = { method: 'POST', body, headers: { authorization: 'Bearer llx-any' } }
  const reply = await simulator.fetch(new Request('https://api.cloud.llamaindex.ai/api/v2/parse/upload', init))
  throw LlamaCloud.APIError.generate(reply.status, (await reply.json()) as object, undefined, reply.headers)
}
