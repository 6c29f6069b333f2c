/** Entry of the `sluice` command: gives the command line the real server and the real terminal. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { version } from './app/version.ts'
import { runCli } from './cli/run-cli.ts'

// `sluice documents | head -1` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

// The server is loaded only when it is run here: most commands just speak to one.
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  version,
  // npm runs scripts at the root of the checkout and tells here where the user is.
  workingDirectory: process.env.INIT_CWD ?? process.cwd(),
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
    const [{ startServer }, { newSecret }] = await Promise.all([
      import('./app/start-server.ts'),
      import('./tenants/api-keys.ts'),
    ])
    const secret = newSecret()
    const inside = { SLUICE_DATA_DIR: dataDir, SLUICE_HOST: '127.0.0.1', SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'silent' }
    const environment = { ...process.env, ...inside, SLUICE_WORKERS: workers ? 'on' : 'off' }
    const server = await startServer(environment, { tenantId, role: 'admin', secret })
    return { url: server.url, apiKey: secret, close: server.close }
  },
  async serve({ dataDir }) {
    const { serve } = await import('./app/serve.ts')
    await serve({ ...process.env, SLUICE_DATA_DIR: dataDir })
  },
  async openScratchPlace() {
    const { createScratchPlace } = await import('./app/drill/scratch-place.ts')
    return createScratchPlace()
  },
  async simulate(wish) {
    const { startSimulators } = await import('./app/simulate.ts')
    return startSimulators(wish, wish.ignoresSettings ? {} : process.env)
  },
})
