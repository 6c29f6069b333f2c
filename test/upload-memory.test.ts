import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { closing, fileHead, rawUpload } from './harness/raw-upload.ts'
import { apiKey } from './harness/sluice-under-test.ts'

const program = fileURLToPath(new URL('./harness/server-process.ts', import.meta.url))
const megabyte = 1 << 20
const skip = process.platform === 'linux' ? false : 'memory is read from /proc'

onBothDatabases('memory of an upload', createPlace => {
  let place: Place
  let child: ChildProcess
  let url = ''
  before(async () => {
    place = await createPlace()
    const settings = { SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'silent', SLUICE_WORKERS: 'off' }
    child = fork(program, { env: { ...process.env, ...place.environment, ...settings } })
    url = String((await Promise.race([once(child, 'message'), once(child, 'exit')]))[0])
  })
  after(async () => {
    child.disconnect()
    await once(child, 'exit')
    await place.remove()
  })
  const readMb = (name: 'VmRSS' | 'VmHWM') => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
  }
  const upload = async (fileName: string, megabytes: number) => await rawUpload(url, apiKey, form(fileName, megabytes))

  test('a file of 500 MB is taken while the process grows by less than 50 MB', { skip }, async () => {
    // Sets the peak back to what is used now (proc(5), clear_refs).
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5')
    const beforeMb = readMb('VmRSS')
    const { status, body } = await upload('large.txt', 500)
    assert.equal(status, 201, body.detail ?? '')
    const grownMb = readMb('VmHWM') - beforeMb
    assert.ok(grownMb < 50, `the process grew by ${grownMb.toFixed(1)} MB`)
  })

  test('a file above the limit is refused before all of it was sent', { skip }, async () => {
    let sentMb = 0
    async function* endless() {
      for await (const piece of form('endless.txt', 10_000)) {
        sentMb += piece.length / megabyte
        yield piece
      }
    }
    const { status, body } = await rawUpload(url, apiKey, endless())
    assert.deepEqual([status, body.code], [413, 'file_too_large'])
    assert.ok(sentMb < 600, `${sentMb} MB were sent`)
  })
})

/** Text that is made while it is sent; each call makes another one. */
async function* form(fileName: string, megabytes: number) {
  yield fileHead(fileName)
  yield `${randomBytes(16).toString('hex')}\n`
  const line = `${'words and more words '.repeat(40)}\n`
  const piece = line.repeat(Math.floor(megabyte / 4 / line.length)).padEnd(megabyte / 4, '.')
  for (let i = 0; i < megabytes * 4; i++) yield piece
  yield closing
}
