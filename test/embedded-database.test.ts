import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { copyIn } from '../src/platform/copy-in.ts'
import { encodeCopyRows } from '../src/platform/copy-rows.ts'
import { type Database, openDatabase } from '../src/platform/database.ts'
import { pause } from './harness/sluice-under-test.ts'

const kills = process.env.TORTURE === '1' ? 100 : 10
const run = promisify(execFile)
const programOf = (name: string) => fileURLToPath(new URL(`./harness/${name}.ts`, import.meta.url))

async function inScratchFolder(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-embedded-'))
  try {
    await work(dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  }
}

describe('the embedded database in use', () => {
  let dataDir = ''
  let database: Database<unknown>
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-embedded-'))
    database = await openDatabase({ kind: 'embedded', dataDir })
    await sql`CREATE TABLE things (id int PRIMARY KEY, name text)`.execute(database.kysely)
  })
  after(async () => {
    await database.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  })
  const countThings = async () => {
    const { rows } = await sql<{ count: bigint }>`SELECT count(*) FROM things`.execute(database.kysely)
    return rows[0]?.count
  }

  test('its settings promise durability', async () => {
    const shown = async (name: string) => {
      const { rows } = await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(database.kysely)
      return rows[0]?.value
    }
    assert.equal(await shown('fsync'), 'on')
    assert.equal(await shown('synchronous_commit'), 'on')
    assert.equal(await shown('full_page_writes'), 'on')
    assert.equal(await shown('wal_sync_method'), 'fsync')
  })

  test('after an error the next query is fine', async () => {
    await assert.rejects(sql`SELECT * FROM nothing`.execute(database.kysely), /relation "nothing" does not exist/)
    await assert.rejects(sql`SELECT 1 / ${0}::int`.execute(database.kysely), /division by zero/)
    const { rows } = await sql`SELECT ${7}::int AS seven`.execute(database.kysely)
    assert.deepEqual(rows, [{ seven: 7 }])
  })

  test('a connection that is given back broken in the middle of a transaction is rolled back', async () => {
    await database.session(async ({ client }) => {
      await client.query('BEGIN')
      await client.query(`INSERT INTO things VALUES (1, 'lost')`)
      client.emit('error', new Error('the connection broke'))
    })
    assert.equal(await countThings(), 0n)
    const { rows } = await sql<{ open: boolean }>`SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS open`.execute(
      database.kysely,
    )
    assert.deepEqual(rows, [{ open: false }])
  })

  test('a transaction that throws is rolled back, and the ones that wait for it are served', async () => {
    const failing = database.transaction(async ({ kysely }) => {
      await sql`INSERT INTO things VALUES (2, 'lost')`.execute(kysely)
      throw new Error('on purpose')
    })
    const waiting = Array.from({ length: 20 }, () => countThings())
    await assert.rejects(failing, /on purpose/)
    assert.deepEqual(await Promise.all(waiting), Array(20).fill(0n))
  })

  test('a parameter and an answer of 20 MB', async () => {
    const text = 'ä'.repeat(10_000_000)
    const { rows } = await sql<{
      back: string
      bytes: number
    }>`SELECT ${text}::text AS back, octet_length(${text}::text) AS bytes`.execute(database.kysely)
    assert.equal(rows[0]?.bytes, 20_000_000)
    assert.ok(rows[0].back === text)
  })

  test('8-byte integers keep their digits', async () => {
    const greatest = 9_223_372_036_854_775_807n
    const { rows } = await sql<{ n: bigint }>`SELECT ${greatest}::int8 AS n`.execute(database.kysely)
    assert.equal(rows[0]?.n, greatest)
  })

  test('a refused COPY leaves the session usable', async () => {
    const rowsOf = (...ids: number[]) => encodeCopyRows(ids.map(id => [{ int4: id }, { text: `thing ${id}` }]))
    const copy = (statement: string, data: Buffer) => database.session(({ client }) => copyIn(client, statement, data))
    const good = 'COPY things (id, name) FROM STDIN (FORMAT binary)'
    await assert.rejects(
      copy('COPY nothing FROM STDIN (FORMAT binary)', rowsOf(1)),
      /relation "nothing" does not exist/,
    )
    await assert.rejects(copy(good, rowsOf(1, 2, 1)), /duplicate key/)
    await assert.rejects(copy(good, Buffer.from('not what COPY expects')), /COPY file signature not recognized/)
    assert.equal(await countThings(), 0n)
    assert.equal(await copy(good, rowsOf(1, 2, 3)), 3)
    assert.equal(await countThings(), 3n)
  })

  test('a second process is refused, and nothing is lost by its try', async () => {
    const other = run(process.execPath, [...process.execArgv, programOf('commit-some'), dataDir], {
      env: { NOTE_FSYNCS_IN: '/dev/null' },
    })
    await assert.rejects(other, (error: { stderr: string }) => {
      assert.match(error.stderr, /code: 'database_in_use'/)
      assert.match(error.stderr, new RegExp(`is used by process ${process.pid} on`))
      return true
    })
    assert.equal(await countThings(), 3n)
  })
})

describe('the embedded database and its files', () => {
  test('closed properly, it opens again quickly with everything in it', { timeout: 180_000 }, async t => {
    await inScratchFolder(async dataDir => {
      const times: number[] = []
      for (let i = 1; i <= 3; i++) {
        const startedAt = performance.now()
        const database = await openDatabase({ kind: 'embedded', dataDir })
        times.push(Math.round(performance.now() - startedAt))
        await sql`CREATE TABLE IF NOT EXISTS notes (number int)`.execute(database.kysely)
        await sql`CREATE UNLOGGED TABLE IF NOT EXISTS unlogged_notes (number int)`.execute(database.kysely)
        for (const table of ['notes', 'unlogged_notes'])
          await sql`INSERT INTO ${sql.table(table)} VALUES (${i})`.execute(database.kysely)
        const { rows } = await sql<{ number: number }>`
          SELECT number FROM notes JOIN unlogged_notes USING (number) ORDER BY 1`.execute(database.kysely)
        assert.deepEqual(
          rows.map(row => row.number),
          Array.from({ length: i }, (_, n) => n + 1),
        )
        await database.close()
        assert.ok(!existsSync(join(dataDir, 'lock.json')))
      }
      t.diagnostic(`first start from the template, then again, ms: ${times.join(' ')}`)
      for (const time of times) assert.ok(time < 60_000)
    })
  })

  test('every commit reaches the disk: the log is really synced', {
    skip: process.platform === 'linux' ? false : 'needs /proc',
  }, async () => {
    await inScratchFolder(async dataDir => {
      const notes = join(dataDir, 'fsyncs')
      const args = [...process.execArgv, '--import', programOf('note-fsyncs'), programOf('commit-some'), dataDir, '20']
      const { stdout } = await run(process.execPath, args, { env: { NOTE_FSYNCS_IN: notes } })
      assert.ok(Number(stdout) >= 20, `20 commits, but ${stdout.trim()} syncs of the log`)
    })
  })

  test(`SIGKILL in the middle of commits, ${kills} times: no acknowledged one is lost`, {
    timeout: 20 * 60_000,
  }, async () => {
    await inScratchFolder(async dataDir => {
      let acknowledged = 0
      for (let i = 0; i < kills; i++) {
        const child = spawn(process.execPath, [...process.execArgv, programOf('commit-in-a-loop'), dataDir], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const lines = createInterface({ input: child.stdout })
        const [first] = (await once(lines, 'line')) as [string]
        // It goes on from the greatest number that it found, so this is what the kill before has left.
        assert.ok(Number(first) > acknowledged, `found ${Number(first) - 1}, acknowledged was ${acknowledged}`)
        acknowledged = Number(first)
        lines.on('line', line => {
          acknowledged = Number(line)
        })
        await pause((i * 37) % 250)
        child.kill('SIGKILL')
        await Promise.all([once(child, 'exit'), once(lines, 'close')])
      }
      const database = await openDatabase({ kind: 'embedded', dataDir })
      const { rows } = await sql<{ number: number }>`SELECT number FROM written ORDER BY 1`.execute(database.kysely)
      assert.ok(rows.length >= acknowledged)
      assert.ok(
        rows.every((row, i) => row.number === i + 1),
        'no gap',
      )
      // By this the ids of events know that transactions may have been lost: docs/decisions/0015-events-by-snapshot.md.
      const unlogged = await sql`SELECT * FROM since_the_crash`.execute(database.kysely)
      assert.deepEqual(unlogged.rows, [])
      await database.close()
    })
  })

  for (const delayMs of [0, 60, 300, 900]) {
    test(`killed ${delayMs} ms into its first start, it starts the next time`, { timeout: 180_000 }, async () => {
      await inScratchFolder(async dataDir => {
        const child = spawn(process.execPath, [...process.execArgv, programOf('commit-in-a-loop'), dataDir], {
          stdio: 'ignore',
        })
        while (!existsSync(join(dataDir, 'database.unpacking')) && !existsSync(join(dataDir, 'database')))
          await pause(1)
        await pause(delayMs)
        child.kill('SIGKILL')
        await once(child, 'exit')
        const database = await openDatabase({ kind: 'embedded', dataDir })
        await sql`CREATE TABLE works (number int)`.execute(database.kysely)
        await database.close()
      })
    })
  }
})
