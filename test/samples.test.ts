import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

const samples = new URL('../samples/', import.meta.url)
const names = readdirSync(samples)

/** The questions of docs/samples.md, and where an answer stands. */
const questions = [
  {
    query: 'Why did the water taste of earth in August?',
    fileName: 'annual-report.pdf',
    heading: 'The taste of August',
  },
  {
    query: 'What broke in Millrace Road and how many homes were dry?',
    fileName: 'annual-report.pdf',
    heading: '14 March',
  },
  { query: 'When must the river intake be closed?', fileName: 'drought-plan.docx', heading: 'The four steps' },
  {
    query: 'Why does the town need a second main to Northfield?',
    fileName: 'annual-report.pdf',
    heading: 'Why a second main to Northfield',
  },
  { query: 'What happens to customers who refuse a radio meter?', fileName: 'radio-meters.pptx', heading: 'Privacy' },
  { query: 'My tap water is brown, what should I do?', fileName: 'household-guide.html', heading: 'Brown water' },
  {
    query: 'How long does the diesel in the generator last?',
    fileName: 'pump-station-runbook.md',
    heading: 'Power failure',
  },
  {
    query: 'From which year on will the limit for lead be stricter?',
    fileName: 'water-quality.xlsx',
    heading: 'Limits',
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
