import { asAppError } from '../../contract/failure.ts'
import type { SimulatorCounters } from '../../contract/simulators.ts'
import { type Faults, readInjection } from './read-faults.ts'

export interface ControlledSimulators {
  apiKey: string | undefined
  counters(): SimulatorCounters
  inject(faults: Faults): void
}

/** What is said to the simulators themselves: `GET /sluice/counters`, `POST /sluice/faults`. Where a key is asked for, here too. */
export async function answerControl(request: Request, simulators: ControlledSimulators): Promise<Response> {
  const { apiKey, counters, inject } = simulators
  if (apiKey !== undefined && request.headers.get('authorization') !== `Bearer ${apiKey}`)
    return say(401, { message: 'Send the key of --api-key as "Authorization: Bearer …".' })
  const call = `${request.method} ${new URL(request.url).pathname}`
  if (call === 'GET /sluice/counters') return say(200, counters())
  if (call !== 'POST /sluice/faults') return say(404, { message: `There is no ${call}.` })
  try {
    const faults = readInjection(await request.json())
    inject(faults)
    return say(200, { llamaparse: faults.llamaparse.length, openai: faults.openai.length })
  } catch (error) {
    if (error instanceof SyntaxError) return say(400, { message: 'The body is not JSON.' })
    return say(400, { message: asAppError(error).message })
  }
}

function say(status: number, body: object): Response {
  return Response.json(body, { status })
}
