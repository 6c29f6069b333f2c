/** A server in a process of its own, for tests that look at the process. Sends its address to its parent. */
import { startServer } from '../../src/app/start-server.ts'

const server = await startServer(process.env, { tenantId: 'default', role: 'admin', secret: 'sk-sluice-test' })
process.send?.(server.url)
process.on('disconnect', async () => {
  await server.close()
  process.exit()
})
