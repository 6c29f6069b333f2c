import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type ChildPoolOptions, createChildPool } from './child-pool.ts'
import type { ChildFailureKind } from './child-pool-failure.ts'

const modulePath = fixture('child-pool-entry.ts')
const limits = { timeoutMs: 20_000, maxOutputBytes: 1_000_000 }

test('a child is started on demand, reused, and gives results of any cloneable shape', async () => {
  const pool = poolOf({})
  const input = { text: 'grüße 字', bytes: new Uint8Array([1, 2]), big: 10n, when: new Date(0) }
  assert.deepEqual(await pool.run({ name: 'echo', input }, limits), input)
  assert.equal(await run(pool, 'pid'), await run(pool, 'pid'))
})

test('a task that throws fails alone and its child lives on', async () => {
  const pool = poolOf({})
  const pid = await run(pool, 'pid')
  await rejectsAs('thrown', run(pool, 'fail'), /TypeError: the task said no/)
  await rejectsAs('thrown', run(pool, 'no such task'), /serves no task named "no such task"/)
  await rejectsAs(
    'thrown',
    run(pool, 'echo', () => {}),
    /cannot be sent/,
  )
  assert.equal(await run(pool, 'pid'), pid)
})

test('P21: after its timeout a looping task is really gone, and the pool goes on serving', async () => {
  const pool = poolOf({})
  const pid = (await run(pool, 'pid')) as number
  const started = performance.now()
  await rejectsAs('timeout', pool.run({ name: 'loop', input: null }, { ...limits, timeoutMs: 300 }), /300 ms/)
  assert.ok(performance.now() - started < 5_000)
  assert.equal(isRunning(pid), false)
  await rejectsAs('timeout', pool.run({ name: 'wait', input: null }, { ...limits, timeoutMs: 300 }), /300 ms/)
  const newPid = await run(pool, 'pid')
  assert.notEqual(newPid, pid)
})

test('I23: a child that crashes fails its own task only', async () => {
  const pool = poolOf({ size: 2 })
  const outcomes = await Promise.allSettled([
    run(pool, 'crash'),
    run(pool, 'echo', 1),
    run(pool, 'exit'),
    run(pool, 'echo', 2),
    run(pool, 'echo', 3),
  ])
  assert.deepEqual(
    outcomes.map(o => (o.status === 'fulfilled' ? o.value : (o.reason as { kind: string }).kind)),
    ['crash', 1, 'crash', 2, 3],
  )
})

for (const memoryWatch of ['parent', 'child'] as const)
  test(`P21: memory outside of the heap is bounded (watched by the ${memoryWatch})`, async () => {
    const pool = poolOf({ memoryWatch })
    const pid = (await run(pool, 'pid')) as number
    await rejectsAs('memory', run(pool, 'eatNative', 400), /memory|MB/)
    assert.equal(isRunning(pid), false)
    assert.equal(await run(pool, 'echo', 1), 1)
  })

test('P21: memory in the heap is bounded', async () => {
  const pool = poolOf({})
  await rejectsAs('memory', run(pool, 'eatHeap'), /memory|MB/)
  assert.equal(await run(pool, 'echo', 1), 1)
})

test('P21: a child that a task leaves with too much memory, or that has done its share, is replaced', async () => {
  const lean = poolOf({ recycleAboveMb: 10 })
  assert.notEqual(await run(lean, 'pid'), await run(lean, 'pid'))
  const short = poolOf({ maxTasksPerChild: 2 })
  const pids = [await run(short, 'pid'), await run(short, 'pid'), await run(short, 'pid')]
  assert.equal(pids[0], pids[1])
  assert.notEqual(pids[1], pids[2])
})

test('the size of a result is bounded', async () => {
  const pool = poolOf({})
  await rejectsAs('output', run(pool, 'big', 2_000_000), /2000\d\d\d bytes, 1000000 are allowed/)
  assert.equal(((await run(pool, 'big', 900_000)) as string).length, 900_000)
})

test('I26: at most `size` children run, and what waits is served in order', async () => {
  const two = poolOf({ size: 2 })
  const pids = await Promise.all(Array.from({ length: 12 }, () => run(two, 'pid')))
  assert.ok(new Set(pids).size <= 2)
  const one = poolOf({ size: 1 })
  const order: unknown[] = []
  await Promise.all([1, 2, 3, 4, 5].map(async i => order.push(await run(one, 'echo', i))))
  assert.deepEqual(order, [1, 2, 3, 4, 5])
})

test('an abort kills the running task and removes a waiting one', async () => {
  const pool = poolOf({})
  const pid = (await run(pool, 'pid')) as number
  const running = new AbortController()
  const waiting = new AbortController()
  const first = pool.run({ name: 'loop', input: null }, { ...limits, signal: running.signal })
  const second = pool.run({ name: 'echo', input: 2 }, { ...limits, signal: waiting.signal })
  const third = run(pool, 'echo', 3)
  waiting.abort()
  await rejectsAs('aborted', second, /before its start/)
  running.abort()
  await rejectsAs('aborted', first, /aborted/)
  assert.equal(isRunning(pid), false)
  assert.equal(await third, 3)
  await rejectsAs('aborted', pool.run({ name: 'echo', input: 4 }, { ...limits, signal: running.signal }), /before/)
})

test('signals for the whole process group, as from Ctrl-C, do not end a child', async () => {
  const pool = poolOf({})
  const pid = (await run(pool, 'pid')) as number
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
  assert.equal(await run(pool, 'pid'), pid)
})

test('what a child prints neither blocks it nor reaches our own output', async () => {
  assert.equal(await run(poolOf({}), 'chatter', 3_000_000), 'said')
})

test('I32: a child sees none of our environment and cannot open a connection', async t => {
  process.env.SLUICE_TEST_SECRET = 'secret'
  t.after(() => delete process.env.SLUICE_TEST_SECRET)
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const pool = poolOf({})
  assert.ok(!('SLUICE_TEST_SECRET' in ((await run(pool, 'environment')) as object)))
  assert.equal(await run(pool, 'reach', (server.address() as AddressInfo).port), 'ERR_ACCESS_DENIED')
})

test('close fails what runs and waits, and no child is left', async () => {
  const pool = poolOf({})
  const pid = (await run(pool, 'pid')) as number
  const both = Promise.allSettled([run(pool, 'loop'), run(pool, 'echo', 1)])
  await pool.close()
  assert.deepEqual(
    (await both).map(o => o.status === 'rejected' && o.reason.kind),
    ['closed', 'closed'],
  )
  assert.equal(isRunning(pid), false)
  await rejectsAs('closed', run(pool, 'echo', 1), /closed/)
})

test('a module that cannot be loaded is a crash, not a wait', async () => {
  await rejectsAs('crash', run(poolOf({ modulePath: fixture('missing.ts') }), 'echo'), /exit code 1/)
})

test('P21: when the parent is killed, its children die too, even in an endless loop', async () => {
  const parent = spawn(process.execPath, [fixture('child-pool-parent.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pids = JSON.parse(String(line)) as number[]
  assert.ok(pids.length === 2 && pids.every(isRunning))
  parent.kill('SIGKILL')
  for (let i = 0; i < 100 && pids.some(isRunning); i++) await delay(50)
  assert.deepEqual(pids.map(isRunning), [false, false])
})

function fixture(name: string): string {
  return new URL(`./__fixtures__/${name}`, import.meta.url).pathname
}

function poolOf(options: Partial<ChildPoolOptions>) {
  const pool = createChildPool({ modulePath, size: 1, memoryLimitMb: 200, ...options })
  after(() => pool.close())
  return pool
}

function run(pool: ReturnType<typeof createChildPool>, name: string, input: unknown = null) {
  return pool.run({ name, input }, limits)
}

async function rejectsAs(kind: ChildFailureKind, promise: Promise<unknown>, message: RegExp) {
  await assert.rejects(promise, { name: 'ChildFailure', kind, message })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
