/**
 * Runs the test files that it is sent, set by set, in this process. Answers each set with how it went (`result`) and the memory that is in use
 * now, after the name of each test that began (`begun`).
 */

import { reportRun } from './report-run.mjs'

const begins = ({ name, file }) => process.send({ begun: `“${name}” (${file})` })
process.on('message', async ({ files }) => {
  // The runner takes files for ended when nothing keeps their process alive any more.
  process.channel.unref()
  const result = await reportRun({ files, isolation: 'none' }, begins)
  process.channel.ref()
  process.send({ result, rssBytes: process.memoryUsage.rss() })
})
process.on('disconnect', () => process.exit())
