import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { copyIn } from './copy-in.ts'
import { encodeCopyRows } from './copy-rows.ts'
import { type Database, openDatabase } from './database.ts'

let dataDir = ''
let database: Database<unknown>
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-copy-'))
  database = await openDatabase({ kind: 'embedded', dataDir })
  await database.session(({ client }) =>
    client.query(
      'CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE copied (id int, name text, tag uuid, bytes bytea, v vector)',
    ),
  )
})
after(async () => {
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

const text = fc.string({ unit: 'binary', maxLength: 60 }).map(s => s.replaceAll('\0', ' ').toWellFormed())
const row = fc.record({
  name: fc.option(text),
  tag: fc.option(fc.uuid()),
  bytes: fc.option(fc.uint8Array({ maxLength: 40 })),
  v: fc.option(fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true, noDefaultInfinity: true })),
})

test('rows come back from a real COPY as they were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async rows => {
      const encoded = encodeCopyRows(
        rows.map(({ name, tag, bytes, v }, id) => [
          { int4: id },
          name === null ? null : { text: name },
          tag === null ? null : { uuid: tag },
          bytes === null ? null : { bytes },
          v === null ? null : { vector: v },
        ]),
      )
      await database.session(async ({ client }) => {
        await client.query('TRUNCATE copied')
        assert.equal(await copyIn(client, 'COPY copied FROM STDIN (FORMAT binary)', encoded), rows.length)
        const found = await client.query('SELECT id, name, tag, bytes, v::real[] AS v FROM copied ORDER BY id')
        found.rows.forEach((back, id) => {
          const { name, tag, bytes, v } = rows[id] ?? assert.fail('a row too many')
          assert.deepEqual([back.id, back.name, back.tag], [id, name, tag])
          assert.deepEqual(back.bytes === null ? null : new Uint8Array(back.bytes), bytes)
          assert.deepEqual(back.v === null ? null : Float32Array.from(back.v as number[]), v)
        })
      })
    }),
    { numRuns: 40 },
  )
})

test('a negative and the greatest int4, and a set larger than one wire message', async () => {
  const name = 'x'.repeat(5_000)
  const ids = [-2_147_483_648, -1, 2_147_483_647, ...Array.from({ length: 1_000 }, (_, i) => i)]
  await database.session(async ({ client }) => {
    await client.query('TRUNCATE copied')
    const encoded = encodeCopyRows(ids.map(id => [{ int4: id }, { text: name }, null, null, null]))
    assert.ok(encoded.length > 2 << 20)
    assert.equal(await copyIn(client, 'COPY copied FROM STDIN (FORMAT binary)', encoded), ids.length)
    const { rows } = await client.query(
      'SELECT array_agg(id ORDER BY id) AS ids, bool_and(length(name) = 5000) AS whole FROM copied',
    )
    assert.deepEqual(rows[0], { ids: ids.sort((a, b) => a - b), whole: true })
  })
})
