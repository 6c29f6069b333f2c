import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Beside the sources and beside the built files alike. */
const folder = fileURLToPath(new URL('../../../dist/dashboard', import.meta.url))
const ours = /^\/(v1|openai|docs|assets|healthz|readyz|openapi\.json)(\/|$|\?)/

/** Serves the built dashboard: its files for a year, since their names change with their content. Without a build, nothing. */
export async function serveDashboard(server: FastifyInstance): Promise<void> {
  if (!existsSync(`${folder}/assets`)) return
  await server.register(fastifyStatic, {
    root: `${folder}/assets`,
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    decorateReply: false,
    wildcard: true,
  })
}

/** Whether a browser asks for a page of the dashboard: those have paths of their own, which only the dashboard knows. */
export function isPageRequest(request: FastifyRequest): boolean {
  const accepted = request.headers.accept ?? ''
  return request.method === 'GET' && accepted.includes('text/html') && !ours.test(request.url)
}

/** Answers with the page that all paths of the dashboard share. Scripts and connections: this server alone; no frames. */
export function sendPage(reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return reply
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': policy,
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(readIndex().replaceAll('__CSP_NONCE__', nonce))
}

function readIndex(): string {
  const path = `${folder}/index.html`
  if (existsSync(path)) return readFileSync(path, 'utf8')
  return '<!doctype html><title>Sluice</title><p>The dashboard is not built: <code>npm run dashboard</code>. The API is described at <a href="/docs">/docs</a>.'
}
