/** Runs the test files that are its arguments in this process; sends the name of each test that begins, and at the end how they went. */

import { reportRun } from './report-run.mjs'

const begins = ({ name, file }) => process.send({ begun: `“${name}” (${file})` })
const result = await reportRun({ files: process.argv.slice(2), isolation: 'none' }, begins)
process.send({ result }, () => process.exit())
