import { type Command, InvalidArgumentError } from 'commander'
import { asAppError } from '../../contract/failure.ts'
import type { SimulatorsWish } from '../../contract/simulators.ts'
import type { CliIo } from '../cli-io.ts'
import type { GlobalOptions } from '../global-options.ts'
import { printCounters } from '../simulate/print-counters.ts'
import { printRequest } from '../simulate/print-request.ts'
import { readFaultFile } from '../simulate/read-fault-file.fs.ts'
import { openTerminal, type Terminal } from '../text/terminal.ts'
import { collected, wholeNumber } from './argument.ts'
import { examples } from './examples.ts'

interface Latency {
  minMs: number
  maxMs: number
}
interface Flags {
  port: number
  host: string
  seed: number
  latency?: Latency
  fault?: string[]
  faults?: string
  billingDelay: number
  credits?: number
  allowPrivateWebhooks?: boolean
  log?: boolean
}

const maxMs = 86_400_000

/** Adds `sluice simulate`. It ends with Ctrl-C, so it runs without the others' frame, and ends well then. */
export function addSimulate(program: Command, io: CliIo): void {
  program
    .command('simulate')
    .summary('serve simulators of LlamaCloud and OpenAI for any program')
    .description(
      'Serves the API of LlamaCloud (files are really parsed) and that of OpenAI (embeddings, files, batches) on one port, without keys and for nothing, until Ctrl-C; ' +
        'then it prints what it counted. With --api-key, only that key is accepted. docs/simulators.md names every fault.',
    )
    .option('--port <port>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 8123)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <number>', 'decides on ids, waits and which requests the faults hit', wholeNumber(0, 2 ** 31), 1)
    .option('--latency <ms>', 'how long each answer takes at least, e.g. 50 or 20-200', latency)
    .option('--fault <kind=rate>', 'e.g. rate_limited=0.1 or "openai:vectors=0.05"; can be repeated', collected)
    .option('--faults <file>', 'the same as JSON: {"llamaparse":[{"kind":"hang","rate":0.01}],"openai":[]}')
    .option('--billing-delay <ms>', 'how long charges stay unknown to usage and reports', wholeNumber(0, maxMs), 0)
    .option('--credits <number>', 'how many credits LlamaCloud has (default: endless)', wholeNumber(0, 1e12))
    .option('--allow-private-webhooks', 'send webhooks to private addresses too (default: on a loopback --host)')
    .option('--no-allow-private-webhooks', 'refuse such addresses, as the real service does')
    .option('--log', 'print a line for each request')
    .addHelpText(
      'after',
      examples(io.programName, [
        ['simulate --latency 20-200', 'answers take their time'],
        ['simulate --fault rate_limited=0.1 --fault "server_error;status=503=0.02"', 'a bad day'],
      ]),
    )
    .action(async (flags: Flags, command: Command) => {
      try {
        await simulate(io, flags, command.optsWithGlobals<GlobalOptions & { apiKey?: string }>())
      } catch (error) {
        const failure = asAppError(error)
        if (failure.code !== 'validation_failed') throw failure
        command.error(`error: ${failure.message}`)
      }
    })
}

async function simulate(io: CliIo, flags: Flags, global: GlobalOptions & { apiKey?: string }): Promise<void> {
  const out = openTerminal(io.stdout, global.color, io.env)
  const err = openTerminal(io.stderr, global.color, io.env)
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>()
  let isEnding = false
  const stopListening = io.onInterrupt(() => {
    if (isEnding) io.exit(130)
    isEnding = true
    interrupt()
  })
  try {
    const simulators = await io.simulate(await wishOf(io, flags, global.apiKey, err))
    printAddresses(err, simulators.url, global.apiKey)
    await interrupted
    const counters = simulators.counters()
    await simulators.close()
    if (global.json) out.line(JSON.stringify(counters, null, 2))
    else printCounters(out, counters)
  } finally {
    stopListening()
  }
}

async function wishOf(io: CliIo, flags: Flags, apiKey: string | undefined, err: Terminal): Promise<SimulatorsWish> {
  const { port, host, seed, billingDelay: billingDelayMs, credits } = flags
  const faultFile = flags.faults === undefined ? {} : await readFaultFile(flags.faults, io.workingDirectory)
  return {
    ...{ host, port, seed, billingDelayMs, credits, apiKey, faultFile },
    latency: flags.latency ?? { minMs: 0, maxMs: 0 },
    faultRates: flags.fault ?? [],
    allowsPrivateWebhooks: flags.allowPrivateWebhooks ?? /^(127\.|::1$|localhost$)/.test(host),
    onRequest: request => {
      if (flags.log) printRequest(err, request)
    },
  }
}

function printAddresses(err: Terminal, url: string, apiKey: string | undefined): void {
  err.line(`Simulating LlamaCloud at ${url} and OpenAI at ${url}/v1. For the program that is to use them:`)
  err.line(`  export LLAMA_CLOUD_BASE_URL=${url} LLAMA_CLOUD_API_KEY=${apiKey ?? 'llx-any'}`)
  err.line(`  export OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=${apiKey ?? 'sk-any'}`)
  err.line(`Counters: GET ${url}/sluice/counters. Faults: POST ${url}/sluice/faults. Stop it with Ctrl-C.`)
}

function latency(text: string): Latency {
  const [, min, max = min] = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(text) ?? []
  const bounds = { minMs: Number(min), maxMs: Number(max) }
  if (bounds.minMs <= bounds.maxMs && bounds.maxMs <= maxMs) return bounds
  throw new InvalidArgumentError('It takes milliseconds such as 50, or two bounds such as 20-200.')
}
