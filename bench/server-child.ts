/** Entry of the server process that is measured: starts Sluice under its environment and tells its address to the parent. */
import { startServer } from '../src/app/start-server.ts'

const server = await startServer(process.env, {
  tenantId: 'bench',
  role: 'admin',
  secret: process.env.BENCH_SECRET ?? '',
})
process.send?.({ url: server.url })
// A parent that has died disconnects too.
process.once('disconnect', () => void server.close())
process.once('message', () => process.disconnect?.())
