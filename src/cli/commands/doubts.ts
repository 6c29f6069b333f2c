import type { Command } from 'commander'
import { z } from 'zod'
import { readUsd } from '../../contract/budget-text.ts'
import type { Call, Resolution } from '../../contract/call.ts'
import { asAppError } from '../../contract/failure.ts'
import { formatUsd } from '../../contract/format-usd.ts'
import { CliFailure, usageFailure } from '../cli-failure.ts'
import { printDoubts } from '../costs/print-doubts.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Invocation, RunAction } from '../invocation.ts'
import { printResult } from '../print-result.ts'
import type { SluiceClient } from '../server/sluice-client.http.ts'
import { useServer } from '../server/use-server.ts'
import { examples } from './examples.ts'

const wish = { workers: false, tenantDecidesNothing: true }

/** Adds what `sluice costs` can do about calls in doubt. `program` has the options that go for all commands. */
export function addDoubts(costs: Command, program: Command, programName: string, run: RunAction): void {
  // The options of `costs` itself mean nothing here.
  const help = { showGlobalOptions: true, visibleGlobalOptions: () => [...program.options] }
  costs
    .command('doubts')
    .configureHelp(help)
    .summary('list calls of which nobody knows whether they were charged')
    .description('Lists the calls in doubt, of one tenant with --tenant, and says what to do about them.')
    .action((_flags: object, command: Command) =>
      run(command, invocation => doubts(invocation, invocation.global.tenant, programName)),
    )
  costs
    .command('resolve')
    .configureHelp(help)
    .summary('say what became of a call in doubt')
    .description('Ends a call in doubt by what the bill of the provider says. The work that waits for it goes on.')
    .argument('<call id>', 'as `costs doubts` lists it, or its first or last 6 or more characters')
    .option('--charged [dollars]', 'it was charged: this amount, or all that is held')
    .option('--not-charged', 'it was not charged: its money is free again, and the call is made anew')
    .option('--reason <text>', 'how that is known; it stays in the books')
    .addHelpText(
      'after',
      examples(programName, [
        ['costs resolve 5f0c2a --charged 0.05', 'it is on the bill'],
        ['costs resolve 5f0c2a --not-charged --reason "not in the usage of 23 November"', 'it is not'],
      ]),
    )
    .action((id: string, flags: ResolveFlags, command: Command) => run(command, i => resolve(i, id, flags)))
}

interface ResolveFlags {
  charged?: string | true
  notCharged?: true
  reason?: string
}

async function doubts(invocation: Invocation, tenant: string | undefined, programName: string): Promise<ExitCode> {
  const { calls, names } = await useServer(invocation, wish, async client => {
    const all = (await client.callsInDoubt()).calls
    const calls = all.filter(call => tenant === undefined || call.tenantId === tenant)
    return { calls, names: invocation.global.json ? new Map() : await namesOf(client, calls) }
  })
  printResult(invocation, { calls }, () => printDoubts(invocation.out, calls, names, programName))
  return exitCodes.ok
}

/** The names of the first documents; of other tenants, or when it is deleted, a document has none here. */
async function namesOf(client: SluiceClient, calls: readonly Call[]): Promise<Map<string, string>> {
  const ids = [...new Set(calls.flatMap(call => call.documentIds))].slice(0, namedDocuments)
  const names = new Map<string, string>()
  for (const id of ids) {
    try {
      names.set(id, (await client.document(id)).fileName)
    } catch (error) {
      if (asAppError(error).code !== 'document_not_found') throw error
    }
  }
  return names
}

async function resolve(invocation: Invocation, id: string, flags: ResolveFlags): Promise<ExitCode> {
  const resolution = readResolution(flags)
  const callId = await useServer(invocation, wish, async client => {
    const found = z.uuid().safeParse(id).success ? id : callIdOf((await client.callsInDoubt()).calls, id)
    await client.resolveCall(found, resolution)
    return found
  })
  printResult(invocation, { resolved: callId, ...resolution }, () => {
    invocation.out.line(`call ${callId}: ${resolvedWords(resolution)}; the work that waits for it goes on`)
  })
  return exitCodes.ok
}

function readResolution({ charged, notCharged, reason }: ResolveFlags): Resolution {
  if ((charged === undefined) === (notCharged === undefined)) {
    throw usageFailure(
      `${notCharged ? 'Both' : 'Neither'} of --charged and --not-charged ${notCharged ? 'are' : 'is'} given.`,
      "Look at the provider's bill, and give the one that is true.",
    )
  }
  const because = reason === undefined ? {} : { reason }
  if (charged === undefined) return { outcome: 'not_charged', ...because }
  return { outcome: 'charged', ...(charged !== true && { costNanoUsd: String(readUsd(charged)) }), ...because }
}

function resolvedWords({ outcome, costNanoUsd }: Resolution): string {
  if (outcome === 'not_charged') return 'not charged, its money is free again'
  return costNanoUsd === undefined ? 'charged, all that was held is spent' : `charged ${formatUsd(BigInt(costNanoUsd))}`
}

function callIdOf(calls: readonly Call[], id: string): string {
  const part = id.toLowerCase()
  if (!/^[0-9a-f][0-9a-f-]{5,35}$/.test(part))
    throw usageFailure(
      `"${id}" is no call id.`,
      'Give one of `sluice costs doubts`, or its first or last 6 or more characters.',
    )
  const matches = calls.map(call => call.callId).filter(known => known.startsWith(part) || known.endsWith(part))
  const [callId, ...others] = matches
  if (others.length > 0)
    throw usageFailure(`${matches.length} calls in doubt begin or end with "${id}".`, 'Give more of it.')
  if (callId) return callId
  throw new CliFailure('call_not_found', `No call in doubt begins or ends with ${id}.`)
}

const namedDocuments = 20
