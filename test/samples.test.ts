import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

const samples = new URL('../samples/', import.meta.url)
const names = readdirSync(samples).filter(name => name !== 'README.md')

/** A question for each sample, and where its answer stands. */
const questions = [
  { query: 'How many of the vans are electric?', fileName: 'annual-report.pdf', heading: 'Vehicles' },
  {
    query: 'How long does the diesel generator run on a full tank?',
    fileName: 'pump-station-runbook.md',
    heading: 'Power failure',
  },
]

onBothDatabases('the samples', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place)
  })
  after(async () => {
    await sluice.close()
    await place.remove()
  })

  for (const name of names) {
    test(`${name} becomes searchable`, async () => {
      const document = await sluice.ingest(name, readFileSync(new URL(name, samples)))
      assert.equal(document.job.state, 'succeeded', document.job.error?.message ?? '')
      assert.ok(document.live && document.live.chunkCount > 0 && document.live.pageCount > 0)
      const { hits } = await sluice.search(name.replace(/\..*/, '').replaceAll('-', ' '), {
        filters: { documentIds: [document.documentId] },
      })
      const [hit] = hits
      assert.ok(hit, 'no hit')
      const page = await sluice.request<{ markdown: string }>(
        'GET',
        `/v1/documents/${document.documentId}/pages/${hit.pageNumber}`,
      )
      assert.equal(page.body.markdown.slice(hit.start, hit.end), hit.text)
    })
  }

  for (const { query, fileName, heading } of questions) {
    test(`"${query}" is answered from ${fileName}`, async () => {
      const { hits, method, degraded } = await sluice.search(query, { k: 5 })
      assert.equal(method, 'hybrid', degraded ?? '')
      const hit = hits.find(h => h.fileName === fileName && h.headingPath.includes(heading))
      assert.ok(hit, `hits: ${hits.map(h => `${h.fileName} ${h.headingPath.join(' / ')}`).join('; ')}`)
      assert.ok(hit.highlights.length > 0)
    })
  }
})
