import type { Invocation } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'

/** --tenant says whose alerts are meant; it does not choose the data. */
const wish = { workers: false, tenantDecidesNothing: true }

/** Asks the server, shows the answer in words or as JSON. */
export async function askAboutAlerts<T extends object>(
  invocation: Invocation,
  ask: (client: SluiceClient) => Promise<T>,
  show: (result: T) => void,
): Promise<T> {
  const result = await useServer(invocation, wish, ask)
  printResult(invocation, result, () => show(result))
  return result
}
