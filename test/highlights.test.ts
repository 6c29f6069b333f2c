import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('highlights', createPlace => {
  const sluice = useSluice(createPlace)

  test('mark the words of the query, also in a text with the private-use characters of icon fonts', async () => {
    const icons = '\u{E000} \u{E001} \u{E001}\u{E000}\u{1F6B0}'
    await sluice().ingest('icons.txt', `${icons} The pumps stand in the cellar. ${icons} One pump is new.`)
    const { hits } = await sluice().search('pump in a cellar')
    const [hit] = hits
    assert.ok(hit)
    assert.ok(hit.text.startsWith(icons))
    assert.deepEqual(
      hit.highlights.map(({ start, end }) => hit.text.slice(start, end)),
      ['pumps', 'cellar', 'pump'],
    )
  })
})
