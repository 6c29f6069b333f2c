import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What other tests have left behind is not to weigh on those that come. */
const maxRssBytes = 2 ** 30

/**
 * Runs sets of test files one after the other, in one process for as long as that lives and stays small: in a warm one a suite that starts a
 * server takes half of the processor time.
 * @returns {{ run(files: string[]): ReturnType<typeof import('./report-run.mjs').reportRun>, close(): void }}
 */
export function openLane({ execArgv, timeoutMs }) {
  let child = null

  function start() {
    const started = fork(join(import.meta.dirname, 'test-process.mjs'), { execArgv })
    started.once('exit', () => {
      if (child === started) child = null
    })
    return started
  }

  async function run(files) {
    child ??= start()
    const current = child
    const timer = setTimeout(() => current.kill('SIGKILL'), timeoutMs)
    try {
      const { result, rssBytes } = await answerOf(current, files)
      if (rssBytes > maxRssBytes) close()
      return result
    } catch (error) {
      const report = `✖ ${error.message}\n`
      return { report, failures: report, passed: 0, failed: 1, skipped: 0 }
    } finally {
      clearTimeout(timer)
    }
  }

  function close() {
    child?.kill('SIGKILL')
    child = null
  }
  return { run, close }
}

async function answerOf(child, files) {
  const what = files.length > 1 ? `${files.length} test files` : files[0]
  let begun = 'none of its tests'
  const settled = new AbortController()
  const answer = Promise.withResolvers()
  const onMessage = message => {
    begun = message.begun ?? begun
    if (message.result) answer.resolve(message)
  }
  child.on('message', onMessage)
  child.send({ files })
  const exit = once(child, 'exit', settled).then(([code, signal]) => {
    throw new Error(`the process of ${what} ended with ${signal ?? code} in ${begun}`)
  })
  try {
    return await Promise.race([answer.promise, exit])
  } finally {
    settled.abort()
    child.off('message', onMessage)
  }
}
