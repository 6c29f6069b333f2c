import { nextTraceContext, readTraceparent, writeTraceparent } from '../contract/trace-context.ts'

/** What is said about a piece of work: ids, names, numbers and reasons; never content of documents, nor secrets. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** `server`: somebody asked us; `client`: we asked somebody; `consumer`: work that was queued. */
export type SpanKind = 'server' | 'client' | 'consumer'

export interface OpenSpan {
  /** Where it is, for whatever it causes. */
  traceparent: string
  /** `failure` says, by a code, that it went wrong. Only the first end counts. */
  end(facts?: SpanFacts, failure?: string): void
}

export interface Tracing {
  /** Begins a piece of work below `parent`, or a trace of its own. */
  begin(name: string, kind: SpanKind, parent: string | null | undefined, facts: SpanFacts): OpenSpan
  /** Sends what has not been sent yet. */
  close(): Promise<void>
}

/** Sends nothing; but all that belongs together has a trace id, which the log shows. */
export function createSilentTracing(randomHex: (bytes: number) => string): Tracing {
  return {
    begin(_name, kind, parent) {
      const known = readTraceparent(parent)
      // Within a process nobody sees the places in between.
      const traceparent =
        known && parent && kind !== 'server' ? parent : writeTraceparent(nextTraceContext(known, randomHex))
      return { traceparent, end() {} }
    },
    close: async () => {},
  }
}
