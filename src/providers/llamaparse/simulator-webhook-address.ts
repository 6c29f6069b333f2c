import { isPublicHost } from '../../platform/public-address.ts'

/**
 * Why LlamaCloud would not send webhooks to this address; null where it would. That private and loopback addresses are blocked is documented;
 * that it says so at once, and how, is a guess. Names are judged as they are written: nothing is looked up.
 */
export function refuseWebhookUrl(url: string, allowPrivate: boolean): string | null {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return 'Webhook URL must be an HTTP or HTTPS URL'
  if (allowPrivate || isPublicHost(parsed.hostname)) return null
  return 'Webhook URL must be publicly accessible: private and loopback addresses are not allowed'
}
