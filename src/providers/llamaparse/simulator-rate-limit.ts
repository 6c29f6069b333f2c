import { type Answer, refuse } from './simulator-answer.ts'

/** So many parse jobs may be created in any window of this length. */
export interface UploadLimit {
  requests: number
  windowMs: number
}

/**
 * Refuses what is beyond the limit with a 429, and counts what it lets pass. There is no Retry-After: the documentation says that LlamaCloud
 * sends none. The text is the documented one; that its number is the one of the window is a guess.
 */
export function createUploadLimit({ requests, windowMs }: UploadLimit): (now: Date) => Answer | null {
  let passedAtMs: number[] = []
  return now => {
    const nowMs = now.getTime()
    passedAtMs = passedAtMs.filter(atMs => atMs > nowMs - windowMs)
    if (passedAtMs.length >= requests) return refuseUpload({ requests, windowMs })
    passedAtMs.push(nowMs)
    return null
  }
}

export function refuseUpload({ requests, windowMs }: UploadLimit): Answer {
  const per = windowMs === 1000 ? 'second' : `${windowMs / 1000} seconds`
  return refuse(429, `Rate limit exceeded. The file upload limit is ${requests} requests per ${per}.`)
}
