import { Gauge, type Registry } from 'prom-client'

type Labels = { service: string; provider: string; simulated: string }

/** Calls without an answer yet. A provider that hangs is seen here as soon as somebody looks, long before a call gives up. */
export function createOpenCalls(registers: Registry[]): { begin(labels: Labels): () => void } {
  const open = new Map<string, { labels: Labels; started: Set<{ at: number }> }>()
  const labelNames = ['service', 'provider', 'simulated']
  new Gauge({
    name: 'sluice_provider_calls_open',
    help: 'Calls of providers that this process waits for.',
    labelNames,
    registers,
    collect() {
      for (const { labels, started } of open.values()) this.set(labels, started.size)
    },
  })
  new Gauge({
    name: 'sluice_provider_call_oldest_seconds',
    help: 'How long the one of them has been open that has been open longest; 0 without any.',
    labelNames,
    registers,
    collect() {
      for (const { labels, started } of open.values()) {
        // In the order of their begin.
        const [first] = started
        this.set(labels, first ? (performance.now() - first.at) / 1000 : 0)
      }
    },
  })
  return {
    begin(labels) {
      const key = `${labels.service}/${labels.provider}/${labels.simulated}`
      const of = open.get(key) ?? { labels, started: new Set() }
      open.set(key, of)
      const call = { at: performance.now() }
      of.started.add(call)
      return () => of.started.delete(call)
    },
  }
}
