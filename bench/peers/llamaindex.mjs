/** LlamaIndexTS as its documentation shows it: an index of documents, kept in memory. */
import { OpenAIEmbedding } from '@llamaindex/openai'
import { Document, SentenceSplitter, Settings, VectorStoreIndex } from 'llamaindex'
import { contend, listFiles, readText, wish } from './contender.mjs'

Settings.embedModel = new OpenAIEmbedding({ model: wish.model, apiKey: 'sk-bench', baseURL: wish.baseUrl })
const splitter = new SentenceSplitter({ chunkSize: wish.maxTokens, chunkOverlap: wish.overlapTokens })

contend(async () => {
  const files = await listFiles()
  const documents = await Promise.all(files.map(async file => new Document({ id_: file, text: await readText(file) })))
  // VectorStoreIndex.fromDocuments does these two, but in 0.12.1 it does not see Settings.nodeParser and cuts chunks of 1,024 tokens.
  const nodes = await splitter.getNodesFromDocuments(documents)
  const index = await VectorStoreIndex.init({ nodes })
  return async () => Object.values(await index.docStore.docs()).map(node => node.getContent())
})
