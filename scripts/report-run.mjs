import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/**
 * Runs test files, by the options of `run` of node:test; `begins` is told of each test.
 * @returns {Promise<{ report: string, failures: string, passed: number, failed: number, skipped: number }>} what is to be printed, the part of it
 * that tells the failures, and how many did what
 */
export async function reportRun(options, begins = () => {}) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const stream = run(options)
  stream.on('test:dequeue', begins)
  stream.on('test:pass', ({ details, skip }) => {
    if (details.type === 'suite') return
    if (skip === undefined) counts.passed++
    else counts.skipped++
  })
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed++
  })
  const strays = []
  stream.on('test:diagnostic', ({ message }) => {
    if (stray.test(message)) strays.push(message)
  })
  let report = ''
  for await (const text of stream.compose(withoutSums).compose(new spec())) report += text
  const begin = report.indexOf('✖ failing tests:')
  const failures = (begin < 0 ? '' : report.slice(begin)) + strays.map(message => `✖ ${message}\n`).join('')
  return { report, failures, ...counts, failed: counts.failed + strays.length }
}

/** A test that went on after its end, and failed: the runner only mentions it. */
const stray = /asynchronous activity after the test ended/

const sum = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /

/** Those of one file say nothing about all of them. */
async function* withoutSums(events) {
  for await (const event of events)
    if (event.type !== 'test:diagnostic' || event.data.nesting > 0 || !sum.test(event.data.message)) yield event
}
