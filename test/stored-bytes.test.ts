import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cleanUp } from '../src/app/maintain.sql.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { closing, fileHead, rawUpload } from './harness/raw-upload.ts'
import { apiKey, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

onBothDatabases('stored bytes', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place, { SLUICE_WORKERS: 'off' })
  })
  after(async () => {
    await sluice.close()
    await place.remove()
  })

  const files = async () =>
    (await readdir(join(place.dataDir, 'blobs'), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
  const pathOf = (tenantId: string, text: string) => {
    const hash = createHash('sha256').update(text).digest('hex')
    return join(place.dataDir, 'blobs', tenantId, hash.slice(0, 2), hash)
  }
  const counts = async () =>
    await sluice.sql(
      'SELECT (SELECT count(*)::int FROM sluice.documents) AS documents, (SELECT count(*)::int FROM sluice.jobs) AS jobs',
    )

  test('I11: an upload that breaks off leaves no document, no job and no file', async () => {
    const incoming = join(place.dataDir, 'blobs', '.incoming')
    async function* brokenOff() {
      yield fileHead('broken.txt') + 'words '.repeat(50_000)
      await until('the first bytes are on disk', async () => {
        const [name] = await readdir(incoming)
        return name !== undefined && (await stat(join(incoming, name))).size > 100_000
      })
      throw new Error('the cable was pulled')
    }
    await assert.rejects(rawUpload(sluice.server.url, apiKey, brokenOff()))
    await until('the received part is deleted', async () => (await readdir(incoming)).length === 0)
    assert.deepEqual(await files(), [])
    assert.deepEqual(await counts(), [{ documents: 0, jobs: 0 }])
  })

  test('I11: a form that ends before its last boundary is refused, and nothing is kept', async () => {
    const { status, body } = await rawUpload(sluice.server.url, apiKey, [fileHead('cut.txt'), 'half of the wor'])
    assert.equal(status, 400)
    assert.equal(body.code, 'upload_incomplete')
    assert.deepEqual(await files(), [])
    assert.deepEqual(await counts(), [{ documents: 0, jobs: 0 }])
  })

  test('I11: when the database fails after the bytes have arrived, there is no job, and the bytes are cleared away later', async () => {
    await sluice.sql(
      `CREATE FUNCTION sluice.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''disk full''; END'`,
    )
    await sluice.sql('CREATE TRIGGER refuse BEFORE INSERT ON sluice.jobs EXECUTE FUNCTION sluice.refuse()')
    const { status } = await sluice.upload('unlucky.txt', 'these words arrive')
    await sluice.sql('DROP TRIGGER refuse ON sluice.jobs')
    assert.equal(status, 500)
    assert.deepEqual(await counts(), [{ documents: 0, jobs: 0 }])

    assert.equal((await sluice.upload('lucky.txt', 'these words stay')).status, 201)
    const longAgo = new Date(Date.now() - 2 * 3600_000)
    for (const path of await files()) await utimes(path, longAgo, longAgo)
    await cleanUp(sluice.database, sluice.server.sluice.api.blobs)
    assert.deepEqual(await files(), [pathOf('default', 'these words stay')])
  })

  test('I12: a blob is filed under the hash of its bytes, once for each tenant', async () => {
    const text = 'the same words for everybody'
    const [one, other] = [await sluice.clientOf('blob-one'), await sluice.clientOf('blob-other')]
    await one.upload('a.txt', text)
    await one.upload('b.txt', text)
    await other.upload('a.txt', text)
    await (await sluice.clientOf('incoming')).upload('a.txt', text)
    const found = (await files()).filter(path => path.includes('/blob-'))
    assert.deepEqual(found.sort(), [pathOf('blob-one', text), pathOf('blob-other', text)].sort())
    await sluice.sql(
      `UPDATE sluice.jobs SET state = 'cancelled', finished_at = now(), deadline_at = NULL WHERE tenant_id <> 'default'`,
    )
  })

  test('I2: bytes that changed on disk, or are gone, are never parsed; the right bytes again heal the document', async () => {
    const texts = { whole: 'an untouched note', changed: 'a note to be changed', gone: 'a note to be lost' }
    for (const [name, text] of Object.entries(texts)) await sluice.upload(`${name}.txt`, text)
    await writeFile(pathOf('default', texts.changed), 'a note so be changed')
    await rm(pathOf('default', texts.gone))
    await sluice.close()
    sluice = await startSluice(place)

    const settled = new Map((await sluice.settled()).map(document => [document.fileName, document]))
    assert.equal(settled.get('whole.txt')?.job.state, 'succeeded')
    for (const [name, code] of [
      ['changed.txt', 'blob_corrupt'],
      ['gone.txt', 'blob_missing'],
    ] as const) {
      const document = settled.get(name) ?? assert.fail(name)
      assert.equal(document.job.error?.code, code)
      assert.equal(document.live, null)
      assert.deepEqual(
        await sluice.sql('SELECT 1 FROM sluice.parses WHERE document_id = $1', [document.documentId]),
        [],
      )
    }
    for (const name of ['changed', 'gone'] as const) {
      const again = await sluice.upload(`${name}.txt`, texts[name])
      assert.equal(again.status, 200)
      await sluice.request('POST', `/v1/jobs/${again.body.document.job.jobId}/retry`)
    }
    const healed = await sluice.settled()
    assert.deepEqual(
      healed.filter(document => document.job.state !== 'succeeded'),
      [],
    )
  })

  test('I30: a tenant may be named like a folder of ours: its files survive a restart', async () => {
    const path = pathOf('incoming', 'the same words for everybody')
    assert.deepEqual(
      (await files()).filter(found => found.includes('/incoming/')),
      [path],
    )
  })

  test('a whole form over a slow connection is taken, with fields that come long after the file', async () => {
    async function* slowly() {
      yield fileHead('slow.txt')
      yield 'words that come '
      await until(
        'something was received',
        async () => (await readdir(join(place.dataDir, 'blobs', '.incoming'))).length > 0,
      )
      yield 'one after the other'
      yield `\r\n--sluice-test-boundary\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n`
      await new Promise(resolve => setTimeout(resolve, 300))
      yield `{"pace":"slow"}`
      yield closing
    }
    const { status } = await rawUpload(sluice.server.url, apiKey, slowly())
    assert.equal(status, 201)
    const [document] = (await sluice.settled()).filter(one => one.fileName === 'slow.txt')
    assert.deepEqual(document?.metadata, { pace: 'slow' })
  })
})
