/** LangChain.js as its documentation shows it; the second argument says which way: `documents`, `bulk` or `postgres`. */
import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory'
import { PGVectorStore } from '@langchain/community/vectorstores/pgvector'
import { Document } from '@langchain/core/documents'
import { OpenAIEmbeddings } from '@langchain/openai'
import { TokenTextSplitter } from '@langchain/textsplitters'
import { Tiktoken } from 'js-tiktoken/lite'
import cl100k from 'js-tiktoken/ranks/cl100k_base'
import { contend, listFiles, readText, wish } from './contender.mjs'

const way = process.argv[3]
const splitter = new TokenTextSplitter({
  encodingName: 'cl100k_base',
  chunkSize: wish.maxTokens,
  chunkOverlap: wish.overlapTokens,
})
// Otherwise it fetches the same table from the network at its first use.
splitter.tokenizer = new Tiktoken(cl100k)
const embeddings = new OpenAIEmbeddings({
  model: wish.model,
  apiKey: 'sk-bench',
  configuration: { baseURL: wish.baseUrl },
})
const store = way === 'postgres' ? await openPostgres() : new MemoryVectorStore(embeddings)
const chunks = []

contend(async () => {
  const files = await listFiles()
  if (way === 'documents') for (const file of files) await add([await load(file)])
  else await add(await Promise.all(files.map(load)))
  return async () => {
    await requireStored()
    return chunks.map(chunk => chunk.pageContent)
  }
})

async function load(file) {
  return new Document({ pageContent: await readText(file), metadata: { source: file } })
}

async function add(documents) {
  const split = await splitter.splitDocuments(documents)
  await store.addDocuments(split)
  chunks.push(...split)
}

function openPostgres() {
  return PGVectorStore.initialize(embeddings, {
    postgresConnectionOptions: { connectionString: wish.databaseUrl },
    tableName: 'peer_chunks',
    distanceStrategy: 'cosine',
    dimensions: wish.dimensions,
  })
}

async function requireStored() {
  const stored =
    way === 'postgres'
      ? Number((await store.pool.query('SELECT count(*) FROM peer_chunks')).rows[0].count)
      : store.memoryVectors.length
  if (stored !== chunks.length) throw new Error(`${chunks.length} chunks were added, ${stored} are there`)
}
