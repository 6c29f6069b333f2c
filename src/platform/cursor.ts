import { AppError } from '../contract/failure.ts'

/** A place in a list ordered by time and id. Times keep PostgreSQL's microseconds, which a Date would lose. */
export interface Cursor {
  at: string
  id: string
}

export function encodeCursor({ at, id }: Cursor): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

/** Throws `validation_failed` for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([0-9a-f-]{36})$/.exec(
    Buffer.from(text, 'base64url').toString(),
  )
  if (!match?.[1] || !match[2])
    throw new AppError('validation_failed', `The cursor ${JSON.stringify(text)} is not one of ours.`)
  return { at: match[1], id: match[2] }
}
