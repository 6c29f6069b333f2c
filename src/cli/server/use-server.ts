import type { Invocation } from '../invocation.ts'
import { printable } from '../text/printable.ts'
import { type FoundServer, findServer, type ServerWish } from './find-server.ts'
import { createClient, type SluiceClient } from './sluice-client.http.ts'

/** Finds a server, works with it, and closes it when it was opened for this. */
export async function useServer<Result>(
  { io, global, err, signal }: Invocation,
  wish: ServerWish,
  work: (client: SluiceClient, server: FoundServer) => Promise<Result>,
): Promise<Result> {
  const starting = (dataDir: string) => {
    if (err.isTerminal) err.line(err.colors.dim(`no server runs on ${printable(dataDir)}: starting in this process …`))
  }
  const server = await findServer(io, global, { ...wish, starting }, signal)
  try {
    signal.throwIfAborted()
    return await work(createClient(server, io.newId, signal), server)
  } finally {
    await server.close()
  }
}
