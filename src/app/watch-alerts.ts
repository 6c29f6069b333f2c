import { repeat } from '../platform/repeat.ts'
import type { Alerts } from './create-alerts.ts'

const lookEveryMs = 5_000
const deliverEveryMs = 1_000
const forgetEveryMs = 6 * 3_600_000

/** Lets the rules look every five seconds, in one of all processes, and sends each second what is due. */
export function watchAlerts(alerts: Alerts, onError: (error: unknown) => void): { stop(): Promise<void> } {
  const watches = [
    repeat(() => alerts.look(new Date(), lookEveryMs - 500), lookEveryMs, onError),
    repeat(() => alerts.deliver(), deliverEveryMs, onError),
    repeat(() => alerts.forgetOld(), forgetEveryMs, onError),
  ]
  return {
    async stop() {
      await Promise.all(watches.map(watch => watch.stop()))
    },
  }
}
