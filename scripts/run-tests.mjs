/**
 * Runs all tests and ends with the line `N passed, N failed`: two at work at a time, and beside them one of those that mostly wait, as long as there
 * are such; the files of each of the three in one process, but for a few that need one of their own.
 */

import { accessSync, constants, globSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { prepareTemplates } from '../test/harness/templates.ts'
import { reportRun } from './report-run.mjs'
import { openLane } from './test-lane.mjs'

const patterns = process.argv.slice(2)
const files = globSync(patterns.length > 0 ? patterns : ['src/**/*.test.ts', 'test/**/*.test.ts']).sort()
if (!process.env.TEST_DATABASE_URL) {
  process.stdout.write('TEST_DATABASE_URL is not set: the tests on a real PostgreSQL are skipped.\n')
}

/** V8 would optimize the embedded database for longer than most tests' databases live: a fifth of all processor time. */
const execArgv = ['--liftoff-only']
const timeoutMs = process.env.TORTURE ? 3 * 3600_000 : 600_000

// Hundreds of processes are started, each with the same modules.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/sluice-tests/compiled')
const memoryDisk = findMemoryDisk()
if (memoryDisk) process.env.TMPDIR = memoryDisk

const templates = await prepareTemplates()
Object.assign(process.env, templates.environment)

/** They wait most of their time for timers and simulated providers: beside two that work, they cost hardly any time of their own. */
const waiting = named([
  ...['alerts', 'api', 'batches', 'doubts', 'escalation', 'gateway', 'health', 'live'],
  ...['llamaparse', 'llamaparse-journey', 'money-comes-free', 'provider-stops', 'routing'],
])
/** They measure their process, or change it for good. */
const alone = named(['traces', 'upload-memory'])

const units = files.filter(file => file.startsWith('src'))
const others = files.filter(file => !units.includes(file))
const working = [...(units.length > 0 ? [units] : []), ...others.filter(file => !waiting.includes(file)).map(f => [f])]
const waits = others.filter(file => waiting.includes(file)).map(file => [file])

const total = { passed: 0, failed: 0, skipped: 0 }
let failures = ''
await Promise.all([takeTurns(working), takeTurns(working), takeTurns(waits, working)])
await templates.remove()
if (files.length > 1) process.stdout.write(failures)
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

function named(names) {
  return names.map(name => join('test', `${name}.test.ts`))
}

/** Takes sets of files until none is left in any queue. What a set has printed is shown when it has ended: lines of two would fall between each other. */
async function takeTurns(...queues) {
  const lane = openLane({ execArgv, timeoutMs })
  const next = () => queues.find(queue => queue.length > 0)?.shift()
  for (let set = next(); set !== undefined; set = next()) {
    const isAlone = set.some(file => alone.includes(file))
    const result = isAlone ? await reportRun({ files: set, execArgv, timeout: timeoutMs }) : await lane.run(set)
    process.stdout.write(result.report)
    failures += result.failures
    for (const count of Object.keys(total)) total[count] += result[count]
  }
  lane.close()
}

/** Where scratch data costs no waiting for a disk: a memory disk with room, unless the long tests run, or somebody has said where to. */
function findMemoryDisk() {
  if (process.env.TMPDIR || process.env.TORTURE) return null
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    accessSync('/dev/shm', constants.W_OK)
    return bavail * bsize > 4 * 2 ** 30 ? '/dev/shm' : null
  } catch {
    return null
  }
}
