import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import { ZodError } from 'zod'
import { AppError, asAppError } from '../../contract/failure.ts'
import type { Problem } from '../../contract/problem.ts'

/** Answers any failure as problem+json (RFC 9457). What is our fault is logged with its cause and told without it. */
export function answerFailure(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const failure = toAppError(error)
  const ours = failure.status >= 500
  request.log[ours ? 'error' : 'info']({ err: ours ? error : undefined, code: failure.code }, failure.message)
  const detail = failure.code === 'internal_error' ? 'Something went wrong on the server.' : failure.message
  const problem: Problem = {
    type: `urn:sluice:${failure.code}`,
    title: failure.code.replaceAll('_', ' '),
    status: failure.status,
    code: failure.code,
    detail,
    action: failure.action,
    correlationId: request.id,
  }
  if (failure.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(failure.retryAfterMs / 1000))
  reply.status(failure.status).type('application/problem+json').send(JSON.stringify(problem))
}

function toAppError(error: FastifyError | Error): AppError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map(
      v => `${v.instancePath.slice(1).replaceAll('/', '.') || 'request'}: ${v.message}`,
    )
    return new AppError('validation_failed', faults.join('; ') || 'The request does not fit the schema.')
  }
  if (error instanceof ZodError) {
    const faults = error.issues.map(issue => `${issue.path.join('.') || 'request'}: ${issue.message}`)
    return new AppError('validation_failed', faults.join('; '))
  }
  if (isResponseSerializationError(error)) return asAppError(error)
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return fromFramework(error as FastifyError)
  }
  return asAppError(error)
}

function fromFramework(error: FastifyError): AppError {
  if (error.statusCode === 413) return new AppError('file_too_large', error.message, { cause: error })
  return new AppError('validation_failed', error.message, { cause: error })
}
