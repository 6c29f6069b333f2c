import { Mark, type Tone } from './marks.tsx'

const states: Record<'closed' | 'open' | 'half_open', [tone: Tone, word: string, about: string]> = {
  closed: ['good', 'Healthy', 'Its breaker is closed: calls go through.'],
  open: ['bad', 'Breaker open', 'It fails: nothing is sent until it answers again.'],
  half_open: ['wait', 'Trying again', 'It answers again: calls trickle through.'],
}

/** How a provider is, by its breaker. */
export function BreakerMark({ state }: { state: keyof typeof states }) {
  const [tone, word, about] = states[state]
  return (
    <Mark tone={tone} about={about}>
      {word}
    </Mark>
  )
}
