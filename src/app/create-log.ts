import type { FastifyBaseLogger } from 'fastify'
import pino, { type DestinationStream } from 'pino'
import { causeChain } from '../contract/failure.ts'

/**
 * The log: a line of JSON for each entry, on stderr. An error is told by its kind, code, message, stack and causes, and by nothing else that
 * hangs on it: libraries hang requests, replies, headers and rows of tables there.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): FastifyBaseLogger {
  return pino(
    {
      level,
      redact: { paths: secretPaths, censor: '[hidden]' },
      serializers: { err: tellError, error: tellError, cause: tellError, req: tellRequest, res: () => undefined },
    },
    destination,
  )
}

const secretPaths = ['authorization', 'apiKey', 'secret', 'password', 'headers', 'body'].flatMap(name => [
  name,
  `*.${name}`,
])

function tellError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : undefined
  const code = 'code' in error ? error.code : undefined
  return { type: error.name, code, message: error.message, stack: error.stack, causes: causeChain(error) }
}

/** Without its headers; of the address only the path, since a query can say what is searched for. */
function tellRequest(request: { method?: string; url?: string }): unknown {
  return { method: request.method, path: request.url?.split('?')[0] }
}
