/** Entry of the `sluice` command: gives the command line the real server and the real terminal. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serve } from './app/serve.ts'
import { startServer } from './app/start-server.ts'
import { version } from './app/version.ts'
import { runCli } from './cli/run-cli.ts'
import { newSecret } from './tenants/api-keys.ts'

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  version,
  workingDirectory: process.cwd(),
  samplesDir: fileURLToPath(new URL('../samples', import.meta.url)),
  programName: process.env.npm_lifecycle_event ? 'npm run -s sluice --' : 'sluice',
  now: () => performance.now(),
  pause: async (durationMs, signal) => {
    await sleep(durationMs, undefined, { signal })
  },
  newId: randomUUID,
  onInterrupt(listener) {
    process.on('SIGINT', listener).on('SIGTERM', listener)
    return () => process.off('SIGINT', listener).off('SIGTERM', listener)
  },
  exit: exitCode => process.exit(exitCode),
  async openInProcess({ dataDir, tenantId, workers }) {
    const secret = newSecret()
    const inside = { SLUICE_DATA_DIR: dataDir, SLUICE_HOST: '127.0.0.1', SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'silent' }
    const environment = { ...process.env, ...inside, SLUICE_WORKERS: workers ? 'on' : 'off' }
    const server = await startServer(environment, { tenantId, role: 'admin', secret })
    return { url: server.url, apiKey: secret, close: server.close }
  },
  serve: ({ dataDir }) => serve({ ...process.env, SLUICE_DATA_DIR: dataDir }),
})
