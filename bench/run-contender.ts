import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { SimulatorProcess } from './peers-simulator.ts'

/** What a contender is told, as JSON in its first argument; bench/peers/contender.mjs reads it too. */
export interface ContenderWish {
  folder: string
  baseUrl: string
  model: string
  dimensions: number
  maxTokens: number
  overlapTokens: number
  databaseUrl: string
}

/** What a contender tells of its chunks when it is done: their texts, or what it counted itself. */
export type Checked = { texts: string[] } | { chunks: number; maxTokens: number }

export interface ContenderRun {
  chunks: number
  /** Of the largest chunk. */
  maxTokens: number
  tookMs: number
  requests: number
  /** As the provider counts them. */
  tokens: number
}

export interface Contender {
  name: string
  /** Beside bench/. */
  entry: string
  arguments?: readonly string[]
  environment?: Record<string, string>
}

const counter = createTokenCounter()

/** One run in a new process: it starts and opens what it needs, then the clock runs, then what is there is looked at. */
export async function runContender(
  contender: Contender,
  wish: ContenderWish,
  simulator: SimulatorProcess,
  profileDir: string | undefined,
): Promise<ContenderRun> {
  const entry = fileURLToPath(new URL(contender.entry, import.meta.url))
  const child = fork(entry, [JSON.stringify(wish), ...(contender.arguments ?? [])], {
    env: { PATH: process.env.PATH, ...contender.environment },
    execArgv: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  try {
    await answerOf(child, 'ready')
    const before = await simulator.counters()
    child.send('go')
    const { tookMs } = await answerOf<{ tookMs: number }>(child, 'done')
    const after = await simulator.counters()
    child.send('check')
    const checked = await answerOf<Checked>(child, 'checked')
    const requests = after.requests - before.requests
    return { ...measure(checked), tookMs, requests, tokens: after.tokens - before.tokens }
  } finally {
    if (child.connected) child.disconnect()
    await exited
  }
}

function measure(checked: Checked): { chunks: number; maxTokens: number } {
  if (!('texts' in checked)) return { chunks: checked.chunks, maxTokens: checked.maxTokens }
  const maxTokens = Math.max(...checked.texts.map(text => counter.count(text)))
  return { chunks: checked.texts.length, maxTokens }
}

async function answerOf<T>(child: ChildProcess, kind: string): Promise<T> {
  const stop = new AbortController()
  const ended = once(child, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`a contender ended with ${code} instead of saying "${kind}"; what it says stands above`)
  })
  const said = once(child, 'message', { signal: stop.signal }).then(([message]) => message as T & { kind: string })
  try {
    const message = await Promise.race([said, ended])
    if (message.kind !== kind) throw new Error(`a contender said "${message.kind}" instead of "${kind}"`)
    return message
  } finally {
    stop.abort()
    await Promise.allSettled([said, ended])
  }
}
