import type { NewReceiver } from '../contract/alert-receiver.ts'
import { AppError } from '../contract/failure.ts'
import { isPublicHost } from '../platform/public-address.ts'

export interface AddressRules {
  allowPrivate: boolean
  canMail: boolean
}

/** Refuses an address that nothing could be sent to, with `receiver_address_invalid`, or mail without a server, with `mail_off`. */
export function checkAddress({ kind, address }: Pick<NewReceiver, 'kind' | 'address'>, rules: AddressRules): void {
  const fault = kind === 'email' ? findMailFault(address, rules) : findUrlFault(address, rules)
  if (fault !== null) throw new AppError('receiver_address_invalid', `The address is ${fault}.`)
}

function findMailFault(address: string, { canMail }: AddressRules): string | null {
  if (!canMail) throw new AppError('mail_off', 'No mail server is configured: SLUICE_SMTP_URL is empty.')
  return /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address) ? null : 'no mail address like ops@example.com'
}

function findUrlFault(address: string, { allowPrivate }: AddressRules): string | null {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) return 'no http or https address'
  if (url.username !== '' || url.password !== '')
    return 'one with a user name or password, which would be shown to all who see it'
  if (allowPrivate) return null
  if (url.protocol !== 'https:') return 'without encryption: give an https address'
  return isPublicHost(url.hostname) ? null : `${url.hostname}, which is not in the internet`
}
