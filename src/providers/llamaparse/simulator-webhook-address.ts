/**
 * Why LlamaCloud would not send webhooks to this address; null where it would. That private and loopback addresses are blocked is documented;
 * that it says so at once, and how, is a guess. Names are judged as they are written: nothing is looked up.
 */
export function refuseWebhookUrl(url: string, allowPrivate: boolean): string | null {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return 'Webhook URL must be an HTTP or HTTPS URL'
  if (allowPrivate || !isPrivate(parsed.hostname)) return null
  return 'Webhook URL must be publicly accessible: private and loopback addresses are not allowed'
}

/** `hostname` as a URL has it: numbers in their plain form, IPv6 in brackets and compressed. */
function isPrivate(hostname: string): boolean {
  if (hostname.startsWith('[')) return /^\[(::1?\]|::ffff:|f[cd]|fe[89ab])/.test(hostname)
  const numbers = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname)
  if (!numbers) return !hostname.includes('.') || /\.(localhost|local|internal)\.?$/.test(hostname)
  const [first = 0, second = 0] = numbers.slice(1).map(Number)
  if (first === 0 || first === 10 || first === 127 || first >= 224) return true
  if (first === 100) return second >= 64 && second < 128
  if (first === 172) return second >= 16 && second < 32
  return (first === 169 && second === 254) || (first === 192 && second === 168)
}
