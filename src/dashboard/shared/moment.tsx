import { exactly, moment } from './words.ts'

/** A time, short; the whole of it in its title. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactly(at)} style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
      {moment(at)}
    </time>
  )
}
