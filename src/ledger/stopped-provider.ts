import { CallDeferred } from '../contract/deferral.ts'
import { AppError, type FailureCode } from '../contract/failure.ts'
import type { Ledger } from './ledger.ts'
import type { ProviderStop } from './provider-stops.sql.ts'

/** What no further call can help with until somebody has done something at the provider, or with its key. */
const stopping: readonly FailureCode[] = ['provider_out_of_credits', 'provider_key_refused']

/** Throws `CallDeferred` as long as nobody is to ask this provider. */
export async function checkStopped(ledger: Ledger, provider: string): Promise<void> {
  const stop = await ledger.findStop(provider)
  if (stop) throw waitsFor(stop)
}

/** Stops the provider of a call that failed so, raises an alert, and gives what its work waits for; other failures come back as they are. */
export async function stopAfter(
  ledger: Ledger,
  tenantId: string,
  provider: string,
  failure: AppError,
): Promise<AppError> {
  if (!stopping.includes(failure.code)) return failure
  const { code, message } = failure
  const stoppedUntil = await ledger.stopProvider({ provider, code, message })
  const day = new Date().toISOString().slice(0, 10)
  await ledger.alert(tenantId, 'provider_stopped', `${provider}/${code}/${day}`, { provider, code })
  return waitsFor({ provider, code, message, stoppedUntil })
}

function waitsFor({ provider, code, message, stoppedUntil }: ProviderStop): CallDeferred {
  const { action } = new AppError(code as FailureCode, message)
  return new CallDeferred({
    reason: 'provider_stopped',
    message: `Nothing is sent to ${provider} until ${stoppedUntil.toISOString()}: ${message} ${action}`,
    resumesAt: stoppedUntil,
    budget: null,
  })
}
