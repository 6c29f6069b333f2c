/** Writes src/dashboard/shared/api-types.ts from the OpenAPI document; with `--check` only says whether it is current. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import pino from 'pino'
import type { Api } from '../src/app/http/api.ts'
import { createServer } from '../src/app/http/server.ts'

interface OpenApi {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
}

const target = fileURLToPath(new URL('../src/dashboard/shared/api-types.ts', import.meta.url))

// The document comes from the schemas alone: nothing that an endpoint works with is there.
const nothing = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : nothing) }) as Api
const server = await createServer(nothing, pino({ level: 'silent' }), null)
await server.ready()
const openapi = (await server.inject({ method: 'GET', url: '/openapi.json' })).json<OpenApi>()
// Every endpoint fails in the same way, which contract/problem.ts says once.
for (const path of Object.values(openapi.paths)) {
  for (const { responses } of Object.values(path)) {
    delete responses['4XX']
    delete responses['5XX']
  }
}

// Read from a file: then a fault of the document is told with its place.
const folder = await mkdtemp(join(tmpdir(), 'sluice-openapi-'))
try {
  const file = join(folder, 'openapi.json')
  await writeFile(file, JSON.stringify(openapi))
  const types = astToString(await openapiTS(new URL(`file://${file}`), { defaultNonNullable: false }))
  const text = `/** Made by \`npm run api-types\` from the OpenAPI document of the server. */\n${types}`
  if (!process.argv.includes('--check')) await writeFile(target, text)
  else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write('src/dashboard/shared/api-types.ts is not current: run `npm run api-types` and commit it\n')
    process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true })
}
