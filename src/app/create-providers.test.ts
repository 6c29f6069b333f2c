import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { AppError } from '../contract/failure.ts'
import { priceSchema } from '../contract/price-list.ts'
import type { Service, Usage } from '../contract/service.ts'
import { createChildPool } from '../platform/child-pool.ts'
import { createProviders, type Providers } from './create-providers.ts'
import { builtInPrices, loadPriceList } from './load-price-list.ts'
import { readConfiguration } from './read-configuration.ts'

const sample = fileURLToPath(new URL('../../samples/pump-station-runbook.md', import.meta.url))
const inputs = {
  parse: { documentId: 'sample', path: sample, fileType: 'markdown', byteCount: 1, options: {} },
  embed: { texts: [{ text: 'the pump', tokenCount: 2 }] },
} as const
const pool = createChildPool({
  modulePath: fileURLToPath(new URL('./child.ts', import.meta.url)),
  size: 1,
  memoryLimitMb: 1024,
})
after(() => pool.close())

/** Calls every provider of every service; one that works calls off on its own is asked what it would book at the most. */
async function callAll({ parse, embedIn }: Providers) {
  const embed = embedIn({ model: 'text-embedding-3-small', dimensions: 1536 })
  const call = async <Input>(service: Service<Input, unknown>, input: Input): Promise<{ usage: Usage }> => {
    const signal = AbortSignal.timeout(60_000)
    if (!('jobs' in service)) return await service.call(input, { signal })
    return { usage: (await service.quote(input, { signal })) ?? assert.fail('it has no price before the call') }
  }
  return [
    ...parse.map(({ service, ...of }) => ({ operation: 'parse', ...of, call: () => call(service, inputs.parse) })),
    ...embed.map(({ service, ...of }) => ({ operation: 'embed', ...of, call: () => call(service, inputs.embed) })),
  ]
}

/** Only jobs of providers need it. */
const database = null as never
const onError = () => {}
const tools = { database, pool, onError, countTokens: (text: string) => text.split(' ').length }

test('P5: every provider books a cost for every operation: a real one if it is paid, a shadow one if not', async () => {
  const providers = createProviders(readConfiguration({}), { ...tools, prices: await loadPriceList('') })
  const all = await callAll(providers)
  assert.deepEqual(new Set(all.map(one => one.operation)), new Set(Object.keys(inputs)))
  for (const { operation, provider, model, paid, call } of all) {
    const { costNanoUsd, shadowNanoUsd, units }: Usage = (await call()).usage
    const name = `${operation} by ${provider} ${model}`
    assert.ok(units > 0, name)
    assert.ok(shadowNanoUsd > 0n, name)
    assert.equal(costNanoUsd, paid ? shadowNanoUsd : 0n, name)
  }
})

test('P6: without a price list no provider takes a call', async () => {
  for (const { operation, call } of await callAll(createProviders(readConfiguration({}), { ...tools, prices: [] })))
    await assert.rejects(
      async () => call(),
      (error: unknown) => error instanceof AppError && error.code === 'call_unpriceable',
      operation,
    )
})

test('P6: the built-in prices fit the schema of the price file, and none is zero', () => {
  for (const price of builtInPrices) {
    const asInFile = { ...price, nanoUsd: String(price.nanoUsd), perUnits: String(price.perUnits) }
    assert.deepEqual(priceSchema.parse(asInFile), price)
    assert.ok(price.nanoUsd > 0n, price.model)
  }
})
