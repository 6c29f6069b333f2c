import type { Fault } from './failure-facts.ts'
import { failures } from './failure-table.ts'

export type FailureCode = keyof typeof failures

export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

/**
 * A failure with a literal code. `message` says what happened and to which document or call; it never holds document
 * content or secrets. `retryAfterMs` is the provider's own wish. The cause is kept for the log.
 */
export class AppError extends Error {
  readonly code: FailureCode
  readonly retryAfterMs: number | undefined

  constructor(code: FailureCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs
  }

  get status(): number {
    return failures[this.code][0]
  }
  get retryable(): boolean {
    return failures[this.code][1]
  }
  get fault(): Fault {
    return failures[this.code][2]
  }
  /** What the user should do next, one or two sentences. */
  get action(): string {
    return failures[this.code][3]
  }
}

/** Any thrown value as an AppError; a foreign one becomes `internal_error` and stays as the cause. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new AppError('internal_error', message.slice(0, 500), { cause: error })
}

/** The chain of causes in one line, outermost first, for the event log (no stacks, no content). */
export function causeChain(error: unknown): string | null {
  const parts: string[] = []
  for (let e = (error as Error)?.cause; e instanceof Error && parts.length < 5; e = e.cause) {
    const code = 'code' in e && typeof e.code === 'string' ? ` [${e.code}]` : ''
    parts.push(`${e.name}${code}: ${e.message}`.slice(0, 300))
  }
  return parts.length > 0 ? parts.join(' ← ') : null
}
