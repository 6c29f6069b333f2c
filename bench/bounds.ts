import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { Tables } from '../src/contract/tables.ts'
import { copyIn } from '../src/platform/copy-in.ts'
import { encodeCopyRows } from '../src/platform/copy-rows.ts'
import type { Database, Session } from '../src/platform/database.ts'
import { generateDocuments } from './generate-documents.ts'
import type { Measurement } from './measurement.ts'

/** What the parts that cannot be avoided take when they are done alone, each as chunks per second. */
export interface Bounds {
  counting: Measurement
  vectors: Measurement
  texts: Measurement
  /** All three one after another. */
  together: Measurement
}

const dimensions = 1536
const rowsPerCopy = 500

/**
 * Measures, for the chunks of a database that was just filled: counting the tokens of the same documents once (one thread, a
 * new counter), COPY of as many vectors into a plain table, and COPY of the same texts into a table with tsvector and GIN index.
 */
export async function measureBounds(database: Database<Tables>, documentCount: number): Promise<Bounds> {
  return await database.session(async session => {
    const texts = await readTexts(session)
    const perSecond = (ms: number) => (texts.length / ms) * 1000
    const countingMs = timeCounting(documentCount)
    const vectorsMs = await timeVectors(session, texts.length)
    const textsMs = await timeTexts(session, texts)
    const unit = 'chunks/s'
    return {
      counting: { name: 'counting the tokens once', value: perSecond(countingMs), unit },
      vectors: { name: 'raw COPY of the vectors', value: perSecond(vectorsMs), unit },
      texts: { name: 'raw COPY of the texts, tsvector + GIN', value: perSecond(textsMs), unit },
      together: { name: 'the three in a row', value: perSecond(countingMs + vectorsMs + textsMs), unit },
    }
  })
}

async function readTexts({ client }: Session<Tables>): Promise<{ heading: string; text: string }[]> {
  const { rows } = await client.query(
    'SELECT heading_path AS heading, text FROM sluice.chunks ORDER BY version_id, ordinal',
  )
  return rows
}

function timeCounting(documentCount: number): number {
  const documents = [...generateDocuments(documentCount)]
  const counter = createTokenCounter()
  counter.count('the tables load at the first call')
  const startedAt = performance.now()
  for (const { markdown } of documents) counter.count(markdown)
  return performance.now() - startedAt
}

async function timeVectors({ client }: Session<Tables>, count: number): Promise<number> {
  await client.query('CREATE UNLOGGED TABLE raw_vectors (id int, embedding vector)')
  await client.query('ALTER TABLE raw_vectors ALTER COLUMN embedding SET STORAGE PLAIN')
  const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(i))
  const startedAt = performance.now()
  for (let from = 0; from < count; from += rowsPerCopy) {
    const ids = Array.from({ length: Math.min(rowsPerCopy, count - from) }, (_, i) => from + i)
    const rows = encodeCopyRows(ids.map(id => [{ int4: id }, { vector }]))
    await copyIn(client, 'COPY raw_vectors FROM STDIN (FORMAT binary)', rows)
  }
  const tookMs = performance.now() - startedAt
  await client.query('DROP TABLE raw_vectors')
  return tookMs
}

async function timeTexts(
  { client }: Session<Tables>,
  texts: readonly { heading: string; text: string }[],
): Promise<number> {
  await client.query(`CREATE TABLE raw_texts (id int, heading text, text text,
    search tsvector GENERATED ALWAYS AS (to_tsvector('english', heading || ' ' || text)) STORED)`)
  await client.query('CREATE INDEX ON raw_texts USING gin (search)')
  const startedAt = performance.now()
  for (let from = 0; from < texts.length; from += rowsPerCopy) {
    const set = texts.slice(from, from + rowsPerCopy)
    const rows = encodeCopyRows(set.map(({ heading, text }, i) => [{ int4: from + i }, { text: heading }, { text }]))
    await copyIn(client, 'COPY raw_texts (id, heading, text) FROM STDIN (FORMAT binary)', rows)
  }
  const tookMs = performance.now() - startedAt
  await client.query('DROP TABLE raw_texts')
  return tookMs
}
