const firstWithWebhookMs = 60_000
const firstMs = 2000
const mostMs = 15_000

/**
 * When a job is looked at again, in milliseconds after look `looks` (0: the submission): after 2 s, then half as long again each time, up to 15 s.
 * With a webhook, which is only a hint, the first look comes after 60 s and the others follow as if it were the submission.
 */
export function planLooks(looks: number, hasWebhook: boolean): number {
  if (hasWebhook && looks === 0) return firstWithWebhookMs
  return Math.round(Math.min(firstMs * 1.5 ** (hasWebhook ? looks - 1 : looks), mostMs))
}
