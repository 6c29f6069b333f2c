const firstWithWebhookMs = 60_000
const firstMs = 2000
/** So many looks at even distance; from then on a look comes after a twentieth of the time that the job has been taking. */
const evenLooks = 20
const growth = 1 + 1 / evenLooks

/**
 * When a job is looked at again, in milliseconds after look `looks` (0: the submission): every 2 s (or `everyMs`), and after 40 s whenever it has
 * taken 5 % longer, so that its end is noticed at most 2 s and 5 % late. With a webhook, which is only a hint, the first look comes after 60 s and
 * the others follow as if it were the submission.
 */
export function planLooks(looks: number, hasWebhook: boolean, everyMs = firstMs): number {
  if (hasWebhook && looks === 0) return firstWithWebhookMs
  const done = hasWebhook ? looks - 1 : looks
  return Math.round(everyMs * growth ** Math.max(0, Math.min(done, mostLooks) - evenLooks))
}

/** Beyond that no job lives: it has passed every deadline. */
const mostLooks = 200
