import { inOrder, isRefused, type SimulatedBatch } from './simulator-batch.ts'
import type { BatchLine } from './simulator-batch-input.ts'
import { type DecodeTokens, writeEmbeddings } from './simulator-embeddings.ts'
import type { WrongOutput } from './simulator-faults.ts'
import { hexId } from './simulator-identity.ts'

export interface BatchOutput {
  /** The lines of the two files, each with its line break. */
  answers: Uint8Array<ArrayBuffer>[]
  errors: Uint8Array<ArrayBuffer>[]
  tokens: number
}

type Piece = Uint8Array<ArrayBuffer>

/**
 * What a batch leaves behind: a line for each answer, and in the other file one for each request that was refused or was not reached
 * before the end. Lines have the shape of the documentation's examples; `batch_cancelled` is a code that it lists.
 */
export async function writeBatchOutput(
  batch: SimulatedBatch,
  done: number,
  whyCutOff: 'batch_expired' | 'batch_cancelled',
  decodeTokens: DecodeTokens,
): Promise<BatchOutput> {
  const answers: Piece[] = []
  const errors: Piece[] = []
  let tokens = 0
  for (const [i, line] of inOrder(batch).entries()) {
    const { request } = line
    const id = hexId('batch_req_', batch.ordinal, i)
    if (i >= done) errors.push(toLine(id, line, null, cutOff[whyCutOff]))
    else if (isRefused(request))
      errors.push(toLine(id, line, responseOf(request.status, id, String(request.body)), null))
    else {
      tokens += request.tokens
      answers.push(toLine(id, line, responseOf(200, id, await writeEmbeddings(request, decodeTokens)), null))
      // A full batch takes seconds.
      if (i % 128 === 127) await new Promise(resolve => setImmediate(resolve))
    }
  }
  const wrong = batch.fault?.kind === 'batch_output' ? batch.fault.wrong : null
  return { answers: wrong ? spoil(answers, wrong) : answers, errors, tokens }
}

/** Those of the requests done that were answered, and what they are charged for. */
export function sumAnswered(batch: SimulatedBatch, done: number) {
  const answered = inOrder(batch)
    .slice(0, done)
    .flatMap(({ request }) => (isRefused(request) ? [] : [request]))
  return {
    requests: answered.length,
    inputs: answered.reduce((sum, { inputs }) => sum + inputs.length, 0),
    tokens: answered.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

const cutOff = {
  batch_expired: {
    code: 'batch_expired',
    message: 'This request could not be executed before the completion window expired.',
  },
  batch_cancelled: {
    code: 'batch_cancelled',
    message: 'This request was not executed because the batch was cancelled.',
  },
}

/** The body is JSON already, and is not read and written again. */
function responseOf(status: number, id: string, body: string): string {
  const requestId = id.replace('batch_req_', 'req_')
  return `{"status_code":${status},"request_id":"${requestId}","body":${body}}`
}

function toLine(id: string, { customId }: BatchLine, response: string | null, error: object | null): Piece {
  const head = `{"id":"${id}","custom_id":${JSON.stringify(customId)}`
  return new TextEncoder().encode(`${head},"response":${response},"error":${JSON.stringify(error)}}\n`)
}

function spoil(lines: Piece[], wrong: WrongOutput): Piece[] {
  const middle = Math.floor(lines.length / 2)
  const change = (edit: (line: string) => string) =>
    lines.map((line, i) => (i === middle ? new TextEncoder().encode(edit(new TextDecoder().decode(line))) : line))
  switch (wrong) {
    case 'lines_missing':
      return lines.filter((_, i) => i !== middle)
    case 'line_repeated':
      return lines.flatMap((line, i) => (i === middle ? [line, line] : [line]))
    case 'unknown_custom_id':
      return change(line => line.replace(/"custom_id":"(?:[^"\\]|\\.)*"/, '"custom_id":"nobody-asked-for-this"'))
    case 'not_json':
      return change(line => line.replace('{', '<'))
    case 'other_shape':
      return change(line => line.replace(/"body":.*,"error"/s, '"body":{"object":"list","embeddings":[]}},"error"'))
    case 'cut_short':
      return lines.map((line, i) => (i === lines.length - 1 ? line.slice(0, line.length / 2) : line))
  }
}
