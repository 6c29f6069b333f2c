import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../contract/failure.ts'
import { lockDirectory } from './lock.fs.ts'

const program = fileURLToPath(new URL('./__fixtures__/lock-holder.ts', import.meta.url))
let directory = ''
let children: ChildProcess[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-lock-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(directory, { recursive: true })
})

/** Starts a process that takes the lock; gives it with its first words. */
async function start(command: string, args: string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const [bytes] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: bytes.toString().trim() }
}
const startHolder = (atMs = 0) => start(process.execPath, [program, directory, String(atMs)])

function leave(name: string, holder: object): void {
  const left = {
    pid: 1,
    host: hostname(),
    processStart: 'long ago',
    since: '2020-01-01T00:00:00.000Z',
    token: name,
    ...holder,
  }
  writeFileSync(join(directory, name), JSON.stringify(left))
}

function assertInUse(...words: string[]): void {
  assert.throws(
    () => lockDirectory(directory),
    (error: unknown) => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'database_in_use')
      for (const word of words) assert.ok(error.message.includes(word), `${word} is not in: ${error.message}`)
      return true
    },
  )
}

test('a second process is refused, by pid and host of the first, until that one lets go', async () => {
  const { child, said } = await startHolder()
  assert.equal(said, 'locked')
  assertInUse(`process ${child.pid}`, hostname(), directory)
  child.stdin?.end()
  await once(child, 'exit')
  lockDirectory(directory).release()
  assert.deepEqual(readdirSync(directory), [])
})

test('the lock of a killed process is taken over', async () => {
  const { child } = await startHolder()
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(existsSync(join(directory, 'lock.json')))
  const lock = lockDirectory(directory)
  assert.equal(JSON.parse(readFileSync(join(directory, 'lock.json'), 'utf8')).pid, process.pid)
  assert.deepEqual(readdirSync(directory), ['lock.json'])
  lock.release()
})

test('a zombie holds no lock', { skip: process.platform === 'linux' ? false : 'needs /proc' }, async () => {
  // The shell becomes a `sleep`, which never asks how its child has ended; the other one keeps the holder's stdin open.
  const { said } = await start('sh', [
    '-c',
    `sleep 15 | "$0" "$1" "$2" & echo $!; exec sleep 60`,
    process.execPath,
    program,
    directory,
  ])
  const pid = Number(said)
  while (!existsSync(join(directory, 'lock.json'))) await new Promise(resolve => setTimeout(resolve, 10))
  process.kill(pid, 'SIGKILL')
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise(resolve => setTimeout(resolve, 10))
  lockDirectory(directory).release()
})

test('a pid that another process has now holds no lock', () => {
  leave('lock.json', { pid: process.ppid, processStart: '1' })
  lockDirectory(directory).release()
})

test('a lock from another host counts while it is touched', () => {
  leave('lock.json', { host: 'elsewhere', pid: 77 })
  assertInUse('process 77', 'elsewhere')
  const old = new Date(Date.now() - 60_000)
  utimesSync(join(directory, 'lock.json'), old, old)
  lockDirectory(directory).release()
})

test('a lock that lost its content is taken over once nobody touches it', () => {
  writeFileSync(join(directory, 'lock.json'), '')
  assertInUse('an unknown host')
  const old = new Date(Date.now() - 60_000)
  utimesSync(join(directory, 'lock.json'), old, old)
  lockDirectory(directory).release()
})

test('a lock in the middle of a takeover belongs to the successor, unless that one has died as well', async () => {
  const { child } = await startHolder()
  const holder = JSON.parse(readFileSync(join(directory, 'lock.json'), 'utf8'))
  leave('lock.json', { token: 'first' })
  writeFileSync(join(directory, 'lock.json.after-first'), JSON.stringify(holder))
  assertInUse(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = lockDirectory(directory)
  assert.deepEqual(readdirSync(directory), ['lock.json'])
  lock.release()
})

const withPipes = { skip: process.platform === 'win32' ? 'needs named pipes' : false }
test(
  'who comes late to a takeover is told of the one who has the lock, not of another who is late',
  withPipes,
  async () => {
    const path = join(directory, 'lock.json')
    await startHolder()
    renameSync(path, join(directory, 'lock.json.after-dead'))
    const { child: successor } = await startHolder()
    renameSync(path, join(directory, 'taken over'))

    // Out of a pipe the dead holder's name is read slowly enough for the takeover to happen meanwhile.
    execFileSync('mkfifo', [path])
    const late = startHolder()
    const pipe = await open(path, 'w')
    renameSync(join(directory, 'taken over'), path)
    await pipe.writeFile(JSON.stringify({ pid: 1, host: hostname(), processStart: 'long ago', token: 'dead' }))
    await pipe.close()

    assert.match((await late).said, new RegExp(`^database_in_use .*process ${successor.pid} `))
  },
)

test('of five processes that start at once, exactly one gets a free lock, and a stale one', async () => {
  for (const stale of [false, true]) {
    if (stale) leave('lock.json', {})
    const atMs = Date.now() + 1_500
    const started = await Promise.all(Array.from({ length: 5 }, () => startHolder(atMs)))
    const winners = started.filter(s => s.said === 'locked')
    assert.equal(winners.length, 1, started.map(s => s.said).join('\n'))
    for (const { said } of started) {
      if (said !== 'locked') assert.match(said, new RegExp(`^database_in_use .*process ${winners[0]?.child.pid} `))
    }
    winners[0]?.child.stdin?.end()
    if (winners[0]) await once(winners[0].child, 'exit')
  }
})
