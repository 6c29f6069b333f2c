import { randomUUID } from 'node:crypto'
import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError } from '../../contract/failure.ts'
import { findCaller } from '../../tenants/api-keys.ts'
import type { Api } from './api.ts'
import { createAuthenticate, type ProcessKey } from './authenticate.ts'
import { isPageRequest, sendPage, serveDashboard } from './dashboard.ts'
import { answerFailure } from './problem.ts'
import { describeRoute, nameJson, openapi, referencePage } from './reference.ts'
import { alertReceiverRoutes } from './routes/alert-receivers.ts'
import { alertRoutes } from './routes/alerts.ts'
import { budgetRoutes } from './routes/budgets.ts'
import { callRoutes } from './routes/calls.ts'
import { comparisonRoutes } from './routes/comparisons.ts'
import { costRoutes } from './routes/costs.ts'
import { documentRoutes } from './routes/documents.ts'
import { eventRoutes } from './routes/events.ts'
import { forecastRoutes } from './routes/forecasts.ts'
import { gatewayRoutes } from './routes/gateway.ts'
import { jobRoutes } from './routes/jobs.ts'
import { keyRoutes } from './routes/keys.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { modeRoutes } from './routes/modes.ts'
import { overviewRoutes } from './routes/overview.ts'
import { priceRoutes } from './routes/prices.ts'
import { providerRoutes } from './routes/providers.ts'
import { quoteRoutes } from './routes/quotes.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { searchRoutes } from './routes/search.ts'
import { serverRoutes } from './routes/server.ts'
import { simulationRoutes } from './routes/simulations.ts'
import { spaceRoutes } from './routes/spaces.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { uploadRoutes } from './routes/upload.ts'
import { versionRoutes } from './routes/versions.ts'
import { deliveryRoutes, webhookRoutes } from './routes/webhooks.ts'
import { traceRequests } from './trace-requests.ts'

/** Every group of endpoints; a new one is a file and a line here. */
const groups = [
  uploadRoutes,
  documentRoutes,
  versionRoutes,
  jobRoutes,
  modeRoutes,
  providerRoutes,
  comparisonRoutes,
  searchRoutes,
  spaceRoutes,
  costRoutes,
  forecastRoutes,
  simulationRoutes,
  budgetRoutes,
  alertRoutes,
  alertReceiverRoutes,
  callRoutes,
  quoteRoutes,
  reconciliationRoutes,
  priceRoutes,
  keyRoutes,
  tenantRoutes,
  webhookRoutes,
  overviewRoutes,
  eventRoutes,
  serverRoutes,
]

export type Server = FastifyInstance

/** The HTTP API over `api`: authentication, problem+json errors, OpenAPI 3.1 at /openapi.json, readable at /docs. */
export async function createServer(
  api: Api,
  logger: FastifyBaseLogger,
  processKey: ProcessKey | null,
): Promise<Server> {
  const server = Fastify({
    loggerInstance: logger,
    genReqId: request => headerId(request.headers['x-correlation-id']) ?? randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    bodyLimit: 1 << 20,
    forceCloseConnections: true,
  }) as unknown as Server
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  server.setErrorHandler((error: Error, request, reply) => answerFailure(error, request, reply))
  server.setNotFoundHandler((request, reply) => {
    if (isPageRequest(request)) return sendPage(reply)
    throw new AppError('not_found', `There is no ${request.method} ${request.url.split('?')[0]}.`)
  })
  server.addHook('onSend', async (request, reply) => {
    reply.header('x-correlation-id', request.id)
  })
  // Streams end by themselves, so that their readers see an end and no failure.
  server.addHook('preClose', () => api.events.close())
  traceRequests(server, api.tracing)
  const { metrics } = api
  if (metrics)
    server.addHook('onResponse', async ({ method, routeOptions }, { statusCode: status, elapsedTime }) => {
      metrics.request({ method, route: routeOptions.url, status, seconds: elapsedTime / 1000 })
    })
  await server.register(swagger, { openapi, transform: describeRoute, transformObject: nameJson as never })
  await server.register(swaggerUi, referencePage)
  await server.register(multipart, {
    limits: { files: 1, fileSize: Number.POSITIVE_INFINITY, fields: 10, fieldSize: 1 << 18 },
  })
  await serveDashboard(server)
  healthRoutes(server, api)
  await server.register(async scope => deliveryRoutes(scope.withTypeProvider<ZodTypeProvider>(), api))
  const authenticate = createAuthenticate(secret => findCaller(api.database, secret), processKey)
  if (metrics)
    await server.register(async scope =>
      metricsRoutes(scope.withTypeProvider<ZodTypeProvider>(), metrics, authenticate),
    )
  await server.register(async scope => {
    scope.addHook('onRequest', authenticate)
    gatewayRoutes(scope.withTypeProvider<ZodTypeProvider>(), api)
  })
  await server.register(async scope => {
    scope.addHook('onRequest', authenticate)
    for (const group of groups) group(scope.withTypeProvider<ZodTypeProvider>(), api)
  })
  return server
}

function healthRoutes(server: Server, api: Api): void {
  const scope = server.withTypeProvider<ZodTypeProvider>()
  const schema = (summary: string) => ({
    tags: ['Server'],
    summary,
    security: [],
    response: { 200: z.object({ status: z.literal('ok') }) },
  })
  scope.get('/healthz', { schema: schema('The process lives') }, async () => ({ status: 'ok' as const }))
  scope.get('/readyz', { schema: schema('The database answers') }, async () => {
    await api.checkDatabase()
    return { status: 'ok' as const }
  })
  scope.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger())
}

function headerId(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : null
}
