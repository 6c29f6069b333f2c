/** A process for the pool's tests to kill: prints the ids of an idle child and of one in an endless loop. */
import { createChildPool } from '../child-pool.ts'

const modulePath = new URL('./child-pool-entry.ts', import.meta.url).pathname
const limits = { timeoutMs: 600_000, maxOutputBytes: 1000 }
const busyPool = createChildPool({ modulePath, size: 1, memoryLimitMb: 200 })
const idlePool = createChildPool({ modulePath, size: 1, memoryLimitMb: 200 })

const busyPid = await busyPool.run({ name: 'pid', input: null }, limits)
const idlePid = await idlePool.run({ name: 'pid', input: null }, limits)
void busyPool.run({ name: 'loop', input: null }, limits)
process.stdout.write(`${JSON.stringify([busyPid, idlePid])}\n`)
