import { AppError } from '../contract/failure.ts'
import { isPublicHost } from '../platform/public-address.ts'

/**
 * Refuses an address under which LlamaParse could not reach this server, with `configuration_invalid`. `allowPrivate` also takes private
 * addresses and http, for deliveries that stay on this machine.
 */
export function checkPublicUrl(url: string, { allowPrivate }: { allowPrivate: boolean }): void {
  const fault = findFault(url, allowPrivate)
  if (fault === null) return
  throw new AppError(
    'configuration_invalid',
    `SLUICE_PUBLIC_URL is ${fault}. Give an https address that is reached from the internet, or leave it empty: then LlamaParse is asked for its jobs instead.`,
  )
}

/** Where LlamaParse sends its webhooks to. */
export function webhookUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/v1/webhooks/llamaparse`
}

function findFault(url: string, allowPrivate: boolean): string | null {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return 'no http or https address'
  // The address itself is quoted only when it has no password in it.
  if (parsed.username !== '' || parsed.password !== '')
    return 'an address with a user name or password, which everyone would see'
  if (/[?#]/.test(url)) return `"${url}", but a query or fragment cannot have a path behind it`
  if (allowPrivate) return null
  if (!isPublicHost(parsed.hostname)) {
    return `"${url}", which is not reached from the internet: LlamaParse would refuse every document that names it for its webhooks`
  }
  if (parsed.protocol !== 'https:') return `"${url}", where webhooks would be sent without encryption`
  return null
}
