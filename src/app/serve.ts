import { startServer } from './start-server.ts'

/** Serves until SIGINT or SIGTERM; a second signal ends the process at once (nothing is lost then either). */
export async function serve(environment: Record<string, string | undefined>): Promise<void> {
  const stop = new Promise<void>(resolve => {
    const onSignal = () => {
      resolve()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal)
  })
  const server = await startServer(environment)
  process.stderr.write(`Sluice listens on ${server.url} (API reference: ${server.url}/docs). Stop it with Ctrl-C.\n`)
  process.stderr.write(`Dashboard: ${server.url}/${signIn(server.localKey)}\n`)
  await stop
  await server.close()
}

/** The part of a link that signs in: browsers keep it to themselves. On a terminal alone, since what is piped may be kept as a log. */
function signIn(localKey: string | null): string {
  return localKey !== null && process.stderr.isTTY ? `#key=${localKey}` : ''
}
