import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DirectParseService } from '../contract/parse-service.ts'
import { detectStoredFileType } from '../intake/detect-stored-file-type.fs.ts'
import { createLlamaCloudSimulator, type LlamaCloudSimulator } from '../providers/llamaparse/simulator.ts'
import type { LlamaCloudSimulatorOptions } from '../providers/llamaparse/simulator-options.ts'

/** LlamaCloud's simulator over the parser of this machine. Files lie in a folder of the system's temporary one while they are parsed. */
export function createSimulatedCloud(
  parser: DirectParseService,
  options: Omit<LlamaCloudSimulatorOptions, 'parse'>,
): LlamaCloudSimulator {
  return createLlamaCloudSimulator({ ...options, parse: (...file) => parseBytes(parser, ...file) })
}

async function parseBytes(parser: DirectParseService, bytes: Uint8Array, fileName: string, signal: AbortSignal) {
  const folder = join(tmpdir(), `sluice-simulated-${randomUUID()}`)
  const path = join(folder, 'file')
  await mkdir(folder, { mode: 0o700 })
  try {
    await writeFile(path, bytes)
    const fileType = await detectStoredFileType(path, fileName)
    const input = { documentId: fileName, path, fileType, byteCount: bytes.byteLength, options: {} }
    return (await parser.call(input, { signal })).output
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
