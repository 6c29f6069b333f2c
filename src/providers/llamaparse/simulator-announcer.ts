import { faultOf } from './simulator-faults.ts'
import type { SeededChance } from './simulator-identity.ts'
import type { SimulatedJob } from './simulator-job.ts'
import type { ParseEvent } from './simulator-webhook-schema.ts'
import { type DeliveryDesk, deliverWebhook, type WebhookEvent } from './simulator-webhooks.ts'

export interface Announcer {
  /** Tells everyone who wants to know of this event, without waiting for them. */
  announce(job: SimulatedJob, type: ParseEvent): void
  /** Settles when nothing is under way any more. */
  idle(): Promise<void>
}

/** Sends a job's events to its webhooks, each by itself: a repeated one does not hold up the next. */
export function createAnnouncer(desk: DeliveryDesk, chance: SeededChance, now: () => Date): Announcer {
  const underWay = new Set<Promise<void>>()
  const heldBack = new Map<string, WebhookEvent[]>()

  function send(job: SimulatedJob, event: WebhookEvent): void {
    for (const target of job.webhooks) {
      if (target.events !== null && !target.events.includes(event.type)) continue
      const delivery = deliverWebhook(event, target, faultOf(job.faults, 'webhooks'), desk)
      underWay.add(delivery)
      void delivery.then(() => underWay.delete(delivery))
    }
  }

  return {
    announce(job, type) {
      const event = { id: chance.uuid('event', job.id, type), type, jobId: job.id, at: now() }
      if (faultOf(job.faults, 'webhooks')?.delivery !== 'reordered') return send(job, event)
      const events = [event, ...(heldBack.get(job.id) ?? [])]
      heldBack.set(job.id, events)
      if (type === 'parse.pending' || type === 'parse.running') return
      heldBack.delete(job.id)
      for (const held of events) send(job, held)
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
