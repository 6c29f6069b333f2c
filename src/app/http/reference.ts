import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { version } from '../version.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** The JSON Schema of a multipart form: such a body is read as a stream, so it is described but not validated as a whole. */
    form?: object
  }
}

/** What the OpenAPI document says besides the routes. */
export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Sluice',
    version,
    description: 'Documents in, searchable vectors out. Errors are problem+json with a stable `code` and an `action`.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  components: {
    securitySchemes: { apiKey: { type: 'http' as const, scheme: 'bearer' } },
    schemas: { Json: { description: 'any JSON value' } },
  },
  security: [{ apiKey: [] }],
}

type TransformArguments = Parameters<typeof jsonSchemaTransform>[0]

/** Zod schemas to JSON Schema, and forms as the body that they are. */
export function describeRoute(route: TransformArguments): ReturnType<typeof jsonSchemaTransform> {
  const described = jsonSchemaTransform(route)
  const form = (route.schema as FastifySchema | undefined)?.form
  if (!form) return described
  const { form: _, ...schema } = described.schema as Record<string, unknown>
  return { ...described, schema: { ...schema, body: form } as typeof described.schema }
}

/**
 * Gives the schema of z.json() its name. It is the only one that refers to itself: the type provider calls it schema0, schema1, … wherever
 * it comes up, and describes it nowhere.
 */
export function nameJson({ openapiObject }: { openapiObject: object }): object {
  const text = JSON.stringify(openapiObject)
  return JSON.parse(text.replaceAll(/"#\/components\/schemas\/schema\d+"/g, '"#/components/schemas/Json"'))
}

const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">
<path d="M4 8v24M16 8v24" stroke="#7fd1ff" stroke-width="4"/><path d="M4 20h12" stroke="#fff" stroke-width="4"/>
<text x="28" y="28" font-family="sans-serif" font-size="24" font-weight="600" fill="#fff">Sluice</text></svg>`

/** The readable page, served from this process alone. */
export const referencePage: FastifySwaggerUiOptions = {
  routePrefix: '/docs',
  theme: { title: 'Sluice API' },
  logo: { type: 'image/svg+xml', content: Buffer.from(logo), href: '/docs' },
  uiConfig: { docExpansion: 'list', persistAuthorization: true },
}
