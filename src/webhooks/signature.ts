import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether `header` (`LC-Signature: sha256=<hex>`, lower-case as it is sent) is the HMAC-SHA256 of the bytes as they came with one of the secrets,
 * each taken as its UTF-8 bytes. Takes as long for a wrong signature as for a right one, and tries every secret. Never throws.
 */
export function verifySignature(rawBody: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header ?? '')?.[1]
  if (hex === undefined) return false
  const given = Buffer.from(hex, 'hex')
  let isSigned = false
  for (const secret of secrets) {
    const isEqual = timingSafeEqual(given, digestOf(rawBody, secret))
    isSigned ||= isEqual && secret !== ''
  }
  return isSigned
}

/** The header's value for a body, as LlamaCloud makes it. */
export function signBody(rawBody: Buffer, secret: string): string {
  return `sha256=${digestOf(rawBody, secret).toString('hex')}`
}

function digestOf(rawBody: Buffer, secret: string): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'utf8')).update(rawBody).digest()
}
