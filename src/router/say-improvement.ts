import { CallDeferred } from '../contract/deferral.ts'
import type { AppError } from '../contract/failure.ts'
import { formatUsd } from '../contract/format-usd.ts'
import type { Booking } from '../contract/metered-service.ts'
import type { ParseTier } from '../contract/parse-options.ts'
import type { PageFault } from './check-parse-quality.ts'
import { namePages } from './plan-pages.ts'

/** Why pages are read again, for the books and for whoever asks why a call was made. */
export function sayWhyAgain(faults: readonly PageFault[], used: string): string {
  const [only, ...others] = faults
  if (only && others.length === 0)
    return `page ${only.pageNumber} (faulty) had been read badly at ${used} (${only.detail})`
  const each = faults.slice(0, mostNamed).map(({ pageNumber, detail }) => `page ${pageNumber}: ${detail}`)
  const more = faults.length > mostNamed ? `; and ${faults.length - mostNamed} more` : ''
  return `${namePages(numbersOf(faults))} (faulty) had been read badly at ${used} (${each.join('; ')}${more})`
}

/** What reading pages again has cost and brought, for the user. `taken` are the pages that are better now. */
export function sayReadAgain(
  faults: readonly PageFault[],
  {
    used,
    tier,
    taken,
    bookings,
  }: { used: string; tier: ParseTier; taken: readonly number[]; bookings: readonly Booking[] },
): string {
  const kept = numbersOf(faults).filter(page => !taken.includes(page))
  const brought =
    kept.length === 0 ? '' : ` ${capital(namePages(kept))} ${are(kept)} no better, so the first reading stays.`
  const again = `${capital(sayWhyAgain(faults, used))}, and ${were(faults)} read again at ${tier}, ${sayCost(bookings)}.`
  return `${again}${brought}`
}

/** What stays as it is, and how the user gets it better. */
export function sayNotReadAgain(
  faults: readonly PageFault[],
  { used, tier, why }: { used: string; tier: ParseTier; why: string },
): string {
  const pages = namePages(numbersOf(faults))
  const next = `\`sluice reprocess <document> --tier ${tier}\` reads the whole document at that tier`
  const stays = `What ${used} made of ${faults.length === 1 ? 'it' : 'them'} stays`
  return `${capital(pages)} ${were(faults)} not read again at ${tier}: ${why.replace(/\.$/, '')}. ${stays}; ${next}.`
}

/** Why a call that was to improve something was not made, or came to nothing. */
export function sayObstacle(error: AppError): string {
  if (!(error instanceof CallDeferred)) return error.message
  const { reason, budget, provider, message } = error.deferral
  if (reason === 'budget' && budget) {
    const { budgetId, neededNanoUsd, missingNanoUsd, neverFits } = budget
    const missing = neverFits ? 'more than the whole of it' : `${formatUsd(missingNanoUsd)} more than there is`
    return `budget ${budgetId} has no room for it (it needs ${formatUsd(neededNanoUsd)}, ${missing})`
  }
  if (reason === 'provider_unhealthy')
    return `${provider ?? 'the provider'} is ill, or takes nothing now (\`sluice providers\`)`
  return message
}

const mostNamed = 5

function sayCost(bookings: readonly Booking[]): string {
  if (bookings.some(({ remote }) => remote === 'billing'))
    return 'at a cost that the provider has not told yet (`sluice costs`)'
  const entries = bookings.flatMap(booking => booking.entries)
  return `for ${formatUsd(entries.reduce((sum, entry) => sum + entry.costNanoUsd, 0n))}`
}

function numbersOf(faults: readonly PageFault[]): number[] {
  return faults.map(fault => fault.pageNumber)
}

function were(faults: readonly PageFault[]): string {
  return faults.length === 1 ? 'was' : 'were'
}

function are(pages: readonly number[]): string {
  return pages.length === 1 ? 'is' : 'are'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
