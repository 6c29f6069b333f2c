/**
 * Entry of a server that can be made to die: it serves until stdin ends, or kills itself at the moment DIE_AT, `stage/moment` or `service/moment`.
 * Says its address as a line of JSON.
 */
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { startServer } from '../start-server.ts'

const { DIE_AT: dieAt = '', SERVER_SECRET: secret = '' } = process.env

function dieIfAt(moment: string): void {
  if (moment === dieAt) process.kill(process.pid, 'SIGKILL')
}
subscribe('sluice:jobs', message => {
  const { stage, moment } = message as { stage: string; moment: string }
  dieIfAt(`${stage}/${moment}`)
})
subscribe('sluice:calls', message => {
  const { service, moment } = message as { service: string; moment: string }
  dieIfAt(`${service}/${moment}`)
})

const server = await startServer(process.env, { tenantId: 'default', role: 'admin', secret })
writeSync(1, `${JSON.stringify({ url: server.url })}\n`)
process.stdin.resume().on('end', () => void server.close().then(() => process.exit(0)))
