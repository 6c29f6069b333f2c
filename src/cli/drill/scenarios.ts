import { budgetExhausted, calm, crashes, lostWebhooks, midnight, outage, rough } from './acts.ts'
import type { Ground } from './ground.ts'
import type { Need } from './judge.ts'

/** A scripted failure. `act` gives null once it is over, or the reason why it cannot be played with these files. */
export interface Scenario {
  name: string
  summary: string
  settings: Readonly<Record<string, string>>
  /** Faults of the simulators, as `sluice simulate --fault` takes them. */
  faultRates: readonly string[]
  /** Sees every request before the simulators do. */
  interfere?(request: Request): void
  act(ground: Ground, need: Need): Promise<string | null>
}

const real = { SLUICE_PARSE_MODE: 'real', SLUICE_EMBED_MODE: 'real' }

export const calmDay: Scenario = {
  name: 'calm',
  summary: 'nothing fails: what the files need',
  settings: real,
  faultRates: [],
  act: calm,
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'outage',
    summary: 'both providers are down for 20 s; pages are read here meanwhile, and bought once they are back',
    settings: {
      ...real,
      SLUICE_PARSE_MODE: 'hybrid',
      SLUICE_ROUTING_POLICIES: '{"drill":[{"use":"paid"},{"use":"local"}]}',
      SLUICE_ROUTING_POLICY: 'drill',
      // So that it is soon sure that an upload which was answered with 503 was never taken.
      SLUICE_LLAMAPARSE_TIMEOUT_MS: '500',
    },
    faultRates: [],
    act: outage,
  },
  {
    name: 'brownout',
    summary: 'half of the answers are slow, one in ten is a 503, and LlamaCloud loses answers of work that it has done',
    settings: real,
    faultRates: [
      'latency;minMs=200;maxMs=2000=0.5',
      'server_error;status=503=0.1',
      'llamaparse:connection_lost;done=true=0.05',
    ],
    act: rough,
  },
  {
    name: 'rate-limits',
    summary: 'a storm of 429: one in four requests is one too many',
    settings: real,
    faultRates: ['llamaparse:rate_limited=0.25', 'openai:rate_limited;retryAfterMs=500=0.25'],
    act: rough,
  },
  {
    name: 'lost-webhooks',
    summary: 'webhooks are registered, and not one arrives',
    settings: { ...real, SLUICE_PUBLIC_URL: 'https://sluice.example.com', SLUICE_WEBHOOK_SECRETS: 'whsec-drill' },
    faultRates: ['llamaparse:webhooks;delivery=lost=1'],
    act: lostWebhooks,
  },
  {
    name: 'crashes',
    summary: 'the server is killed at every step of a document and of its paid calls, and started again',
    settings: real,
    faultRates: [],
    act: crashes,
  },
  {
    name: 'budget',
    summary: 'the budget of the day is spent half-way, and raised later',
    settings: real,
    faultRates: [],
    act: budgetExhausted,
  },
  {
    name: 'midnight',
    summary: 'the budget of the day is spent shortly before midnight: the rest goes on by itself after it',
    settings: real,
    faultRates: [],
    act: midnight,
  },
]
