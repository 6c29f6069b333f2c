import type { FailureCode } from '../contract/failure.ts'

/** What a script can tell from the exit code; `sluice --help` lists them. */
export const exitCodes = {
  ok: 0,
  somethingFailed: 1,
  wrongUsage: 2,
  notReachable: 3,
  notFound: 4,
  deferred: 5,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOf(code: FailureCode): ExitCode {
  switch (code) {
    case 'validation_failed':
      return exitCodes.wrongUsage
    case 'unauthorized':
    case 'server_unreachable':
      return exitCodes.notReachable
    case 'not_found':
    case 'document_not_found':
    case 'version_not_found':
    case 'tenant_not_found':
    case 'job_not_found':
    case 'budget_not_found':
    case 'call_not_found':
      return exitCodes.notFound
    default:
      return exitCodes.somethingFailed
  }
}
