/** How the simulators of the paid services are to be served. Times are milliseconds. */
export interface SimulatorsWish {
  host: string
  /** 0 takes any free port. */
  port: number
  seed: number
  /** How long each answer takes at least: always `minMs`, or evenly between the two. */
  latency: { minMs: number; maxMs: number }
  /** As `kind;field=value=rate`, with a service and a colon before it where it is for that service alone. */
  faultRates: readonly string[]
  /** What a file of fault rates says, by service. */
  faultFile: unknown
  billingDelayMs: number
  /** How many credits LlamaCloud has; endless if not given. */
  credits?: number | undefined
  allowsPrivateWebhooks: boolean
  /** The only key that is accepted; any key if not given. */
  apiKey?: string | undefined
  /** Passes over the settings of this process's environment, prices of the user's own among them. */
  ignoresSettings?: boolean
  /** Answers a request in place of the simulators, or gives null. */
  answerFirst?(request: Request): Response | null
  /** Told of each request when its answer begins, or when its connection breaks. */
  onRequest(request: SimulatedRequest): void
}

export interface SimulatedRequest {
  service: 'llamaparse' | 'openai'
  method: string
  path: string
  /** Null where the connection was broken. */
  status: number | null
  durationMs: number
  /** The kinds of the faults that hit it. */
  faults: readonly string[]
}

/** What happened so far; money is US dollars' billionths, in digits. */
export interface SimulatorCounters {
  llamaparse: {
    requests: Partial<Record<string, number>>
    jobs: number
    completed: number
    failed: number
    cancelled: number
    cached: number
    pages: number
    credits: number
    webhooks: { events: number; sent: number; acknowledged: number; lost: number }
    faults: Record<string, number>
  }
  openai: {
    requests: number
    inputs: number
    tokens: number
    chargedNanoUsd: string
    faults: Record<string, number>
  }
}

export interface RunningSimulators {
  /** e.g. `http://127.0.0.1:8123`; OpenAI is under `/v1` of it. */
  url: string
  counters(): SimulatorCounters
  close(): Promise<void>
}
