import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BenchClient, requireSuccess } from './bench-client.ts'
import { generateDocuments } from './generate-documents.ts'
import type { ChildServer } from './start-child.ts'
import { processorMs, watchMemory } from './watch-memory.ts'

export interface IngestRun {
  documents: number
  bytes: number
  /** From the first byte of the first upload to the moment at which the last version went live. */
  tookMs: number
  uploadMs: number
  memory: { peakBytes: number; processes: number } | null
  /** Processor time of the server and its children. */
  processorMs: number
}

const uploadsAtOnce = 6

/** Writes `count` generated documents to `folder`; returns their paths and the sum of their bytes. */
export async function writeDocuments(folder: string, count: number): Promise<{ paths: string[]; bytes: number }> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  let bytes = 0
  for (const { fileName, markdown } of generateDocuments(count)) {
    const path = join(folder, fileName)
    await writeFile(path, markdown)
    paths.push(path)
    bytes += Buffer.byteLength(markdown)
  }
  return { paths, bytes }
}

/** Uploads the files, six at a time, and waits until the last one is live. */
export async function ingest(
  server: ChildServer,
  client: BenchClient,
  { paths, bytes }: { paths: readonly string[]; bytes: number },
): Promise<IngestRun> {
  const memory = watchMemory(server.pid)
  const processorBefore = processorMs(server.pid)
  const startedAt = Date.now()
  const files = paths.values()
  const uploader = async () => {
    for (const path of files) await client.upload(path)
  }
  await Promise.all(Array.from({ length: uploadsAtOnce }, uploader))
  const uploadMs = Date.now() - startedAt
  await client.settled()
  const jobs = await client.jobs()
  requireSuccess(jobs, paths.length)
  const lastMs = Math.max(...jobs.map(job => Date.parse(job.finishedAt ?? '')))
  return {
    documents: paths.length,
    bytes,
    tookMs: lastMs - startedAt,
    uploadMs,
    memory: memory.stop(),
    processorMs: processorMs(server.pid) - processorBefore,
  }
}
