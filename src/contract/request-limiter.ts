/** What became of a request: `limited` when the provider said that it gets too much, `troubled` when it failed otherwise or not in time. */
export type RequestOutcome = 'answered' | 'limited' | 'troubled'

/** The turn of one request. `done` must be called once, with the reply's headers where there was one. */
export interface RequestTurn {
  done(outcome: RequestOutcome, headers: Headers | null): void
}

/** Keeps the requests of all processes to one account of a provider within its limits. */
export interface RequestLimiter {
  /**
   * Waits for the turn of a request of so many tokens. Fails with `provider_rate_limited`, and says when, where that takes too long;
   * rejects with the signal's reason when it aborts.
   */
  turn(tokens: number, signal: AbortSignal): Promise<RequestTurn>
  /** The most tokens that a request should have, so that the limit can be used well; null as long as no limit is known. */
  mostTokens(): number | null
}
