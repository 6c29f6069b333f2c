import type { Invocation } from '../invocation.ts'
import { type FoundServer, findServer } from './find-server.ts'
import { createClient, type SluiceClient } from './sluice-client.http.ts'

/** Finds a server, works with it, and closes it when it was opened for this. */
export async function useServer<Result>(
  { io, global, signal }: Invocation,
  wish: { workers: boolean; tenantDecidesNothing?: boolean },
  work: (client: SluiceClient, server: FoundServer) => Promise<Result>,
): Promise<Result> {
  const server = await findServer(io, global, wish, signal)
  try {
    signal.throwIfAborted()
    return await work(createClient(server, io.newId, signal), server)
  } finally {
    await server.close()
  }
}
