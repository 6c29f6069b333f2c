/** Runs all tests, two files at a time and beside them one of those that mostly wait, and ends with the line `N passed, N failed`. */

import { accessSync, constants, globSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { prepareTemplates } from '../test/harness/templates.ts'

const patterns = process.argv.slice(2)
const files = globSync(patterns.length > 0 ? patterns : ['src/**/*.test.ts', 'test/**/*.test.ts']).sort()
if (!process.env.TEST_DATABASE_URL) {
  process.stdout.write('TEST_DATABASE_URL is not set: the tests on a real PostgreSQL are skipped.\n')
}

/** V8 would optimize the embedded database for longer than most tests' databases live: a fifth of all processor time. */
const execArgv = ['--liftoff-only']

// Hundreds of processes are started, each with the same modules.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/sluice-tests/compiled')
const memoryDisk = findMemoryDisk()
if (memoryDisk) process.env.TMPDIR = memoryDisk

const templates = await prepareTemplates()
Object.assign(process.env, templates.environment)

/** They wait most of their time for timers and simulated providers: beside two that work, they cost hardly any time of their own. */
const waiting = [
  ...['alerts', 'api', 'batches', 'doubts', 'escalation', 'gateway', 'health', 'live'],
  ...['llamaparse', 'llamaparse-journey', 'money-comes-free', 'provider-stops', 'routing'],
].map(name => join('test', `${name}.test.ts`))
const lanes = [
  { files: files.filter(file => !waiting.includes(file)), concurrency: 2 },
  { files: files.filter(file => waiting.includes(file)), concurrency: 1 },
].filter(lane => lane.files.length > 0)

const counts = { passed: 0, failed: 0, skipped: 0 }
const reports = await Promise.all(lanes.map(runLane))
await templates.remove()
for (const report of reports) process.stdout.write(report)
const nothing = counts.passed + counts.failed === 0
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
process.exitCode = counts.failed > 0 || nothing ? 1 : 0

/**
 * Runs some files, and shows how they go as they go; the second lane's report would fall between the lines of the first one's.
 * @returns {Promise<string>} what is to be shown when all have ended
 */
async function runLane(lane, index) {
  const stream = run({ ...lane, execArgv, timeout: process.env.TORTURE ? 3 * 3600_000 : 600_000 })
  stream.on('test:pass', ({ details, skip }) => {
    if (details.type === 'suite') return
    if (skip === undefined) counts.passed++
    else counts.skipped++
  })
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed++
  })
  let report = ''
  for await (const text of stream.compose(new spec())) {
    if (index === 0) process.stdout.write(text)
    else report += text
  }
  return report
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
