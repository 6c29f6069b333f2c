/**
 * Serves until it is told to stop, or kills itself with SIGKILL at a chosen moment of a transition. DIE_AT is `stage/moment`
 * or `any` (empty: never), DIE_AFTER says at which occurrence. Speaks in lines of JSON on stdout; stops when stdin ends, so
 * that it never outlives the test.
 */
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import type { Providers } from '../../src/app/create-providers.ts'
import { type RunningServer, startServer } from '../../src/app/start-server.ts'
import { withPaidParser } from './paid-parser.ts'

const {
  DIE_AT: dieAt = '',
  DIE_AFTER: dieAfter = '1',
  TEST_SECRET: secret = '',
  COUNTER_URL: counterUrl = '',
} = process.env
let server: RunningServer | null = null
let occurrences = 0

const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const onMoment = (message: unknown) => {
  const { stage, moment, jobs } = message as { stage: string; moment: string; jobs: number }
  const paidTokens = server?.sluice.services.simulator.counters().tokens ?? 0
  say({ stage, moment, jobs, paidTokens })
  if (dieAt !== 'any' && dieAt !== `${stage}/${moment}`) return
  occurrences++
  if (occurrences >= Number(dieAfter)) process.kill(process.pid, 'SIGKILL')
}
subscribe('sluice:jobs', onMoment)
subscribe('sluice:calls', message => {
  const { service, moment } = message as { service: string; moment: string }
  onMoment({ stage: service, moment, jobs: 1 })
})

// With a counter's address, documents are parsed by the provider behind it, for money.
const adapt = counterUrl === '' ? undefined : (providers: Providers) => withPaidParser(providers, counterUrl)
server = await startServer(process.env, { tenantId: 'default', role: 'admin', secret }, adapt)
say({ url: server.url })
process.stdin.resume().on('end', () => {
  void server?.close().then(() => {
    say({ closed: true, paidTokens: server?.sluice.services.simulator.counters().tokens ?? 0 })
    process.exit(0)
  })
})
