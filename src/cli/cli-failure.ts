import { AppError, type FailureCode, failureCodes } from '../contract/failure.ts'
import type { Problem } from '../contract/problem.ts'

/** A failure with its own words on what to do and, when a server reported it, the correlation id of its log. */
export class CliFailure extends AppError {
  readonly correlationId: string | null
  readonly #action: string | null

  constructor(
    code: FailureCode,
    message: string,
    options: { action?: string; correlationId?: string; cause?: unknown } = {},
  ) {
    super(code, message, { cause: options.cause })
    this.correlationId = options.correlationId ?? null
    this.#action = options.action ?? null
  }

  override get action(): string {
    return this.#action ?? super.action
  }
}

/** What the server reported; a code that this version does not know becomes `internal_error`. */
export function reportedFailure(problem: Omit<Problem, 'code'> & { code: string }): CliFailure {
  const code = failureCodes.find(known => known === problem.code) ?? 'internal_error'
  const { detail, action, correlationId } = problem
  return new CliFailure(code, detail, { action, correlationId })
}

/** The user called the command wrongly: exit code 2. */
export function usageFailure(message: string, action: string): CliFailure {
  return new CliFailure('validation_failed', message, { action })
}
