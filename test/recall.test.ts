import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import type { SearchHit } from '../src/contract/search.ts'
import { onBothDatabases } from './harness/databases.ts'
import { useSluice } from './harness/use-sluice.ts'
import { type LabelledQuestion, readQuestions } from './labelled-questions/read-questions.ts'
import { writeGazetteer } from './labelled-questions/write-gazetteer.ts'

const samples = new URL('../samples/', import.meta.url)
const questions = readQuestions()

/** The place of the first right hit, from 1; infinity if there is none. */
type Ranks = Record<'vector' | 'fullText' | 'hybrid', number>

onBothDatabases('recall on the labelled questions', createPlace => {
  const sluice = useSluice(createPlace)
  let ranks: Ranks[]
  before(async () => {
    const names = readdirSync(samples)
    for (const name of names) await sluice().upload(name, readFileSync(new URL(name, samples)))
    for (const { fileName, markdown } of writeGazetteer()) await sluice().upload(fileName, markdown)
    const documents = await sluice().settled()
    assert.ok(documents.every(({ job }) => job.state === 'succeeded'))
    ranks = []
    for (const question of questions) ranks.push(await rankAnswer(question))
  })

  /** Two searches: the one that a user makes, and one that sees more of both rankings. */
  async function rankAnswer(question: LabelledQuestion): Promise<Ranks> {
    const { hits, method } = await sluice().search(question.query, { k: 10 })
    assert.equal(method, 'hybrid')
    const all = (await sluice().search(question.query, { k: 50 })).hits
    const first = (found: readonly SearchHit[], rankOf: (hit: SearchHit, place: number) => number | undefined) => {
      const ranks = found.map((hit, i) => (isRight(hit, question) ? rankOf(hit, i + 1) : undefined))
      return Math.min(...ranks.map(rank => rank ?? Number.POSITIVE_INFINITY))
    }
    return {
      vector: first(all, hit => hit.scoreParts.vector?.rank),
      fullText: first(all, hit => hit.scoreParts.fullText?.rank),
      hybrid: first(hits, (_, place) => place),
    }
  }

  const recallAt = (k: number, kind: keyof Ranks) => ranks.filter(rank => rank[kind] <= k).length / ranks.length

  test('there are at least 200 questions, no two alike, and each has an answer in the files', async () => {
    assert.ok(questions.length >= 200)
    assert.equal(new Set(questions.map(({ query }) => query)).size, questions.length)
    const chunks = await sluice().sql<{ file_name: string; text: string }>(
      `SELECT d.file_name, c.text FROM sluice.chunks c JOIN sluice.documents d ON d.live_version_id = c.version_id`,
    )
    const hits = chunks.map(chunk => ({ fileName: chunk.file_name, text: chunk.text }))
    const unanswered = questions.filter(question => !hits.some(hit => isRight(hit, question)))
    assert.deepEqual(unanswered, [])
  })

  test('hybrid search finds an answer among the first five hits for at least four of five questions', t => {
    for (const kind of ['vector', 'fullText', 'hybrid'] as const) {
      const shares = [1, 5, 10].map(k => `@${k} ${recallAt(k, kind).toFixed(3)}`)
      t.diagnostic(`${kind}: ${shares.join(', ')}`)
    }
    const missed = questions.filter((_, i) => (ranks[i]?.hybrid ?? 0) > 5)
    assert.ok(recallAt(5, 'hybrid') >= 0.8, missed.map(({ query }) => query).join('\n'))
  })
})

function isRight(hit: Pick<SearchHit, 'fileName' | 'text'>, { fileName, phrases }: LabelledQuestion): boolean {
  const text = hit.text.replaceAll(/\s+/g, ' ')
  return hit.fileName === fileName && phrases.some(phrase => text.includes(phrase))
}
