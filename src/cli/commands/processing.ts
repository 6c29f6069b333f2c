import { type Command, InvalidArgumentError, Option } from 'commander'
import { chunkSettingsSchema } from '../../contract/chunk.ts'
import { type ParseOptions, parseOptionsSchema, parseTiers } from '../../contract/parse-options.ts'
import { type Mode, modes } from '../../contract/provenance.ts'
import type { RouteWish } from '../../contract/routing.ts'
import { usageFailure } from '../cli-failure.ts'
import type { ChunkingWish } from '../server/sluice-client.http.ts'
import { wholeNumber } from './argument.ts'

/** What the options of `withProcessing` leave in the flags. */
export interface ProcessingFlags {
  maxTokens?: number
  overlap?: number
  tier?: ParseOptions['tier']
  pages?: string
  language?: string[]
  parseOptions?: ParseOptions['options']
  parseMode?: Mode
  policy?: string
}

/** How documents are to be processed, as uploads say it. */
export interface ProcessingWish {
  chunking: ChunkingWish
  parsing: ParseOptions
  routing: RouteWish
}

/** The options that say how documents are parsed and chunked; `processingWish` reads them. */
export function withProcessing(command: Command): Command {
  return command
    .option('--max-tokens <n>', 'the most tokens in a chunk (default of the server: 512)', wholeNumber(16, 8192))
    .option('--overlap <n>', 'tokens that neighbouring chunks share (at most half of the above)', wholeNumber(0, 4096))
    .addOption(new Option('--tier <tier>', "LlamaParse's tier").choices([...parseTiers]))
    .option('--pages <ranges>', 'only these pages, e.g. 1,3,5-8', pageRanges)
    .option('--language <codes>', 'languages of text in pictures, e.g. en,de', languages)
    .option('--parse-options <json>', "further fields of LlamaParse's request", jsonObject)
    .addOption(new Option('--parse-mode <mode>', 'how these are routed, whatever the mode is').choices([...modes]))
    .option('--policy <name>', 'the policy of mode hybrid for these')
}

/** Throws a usage failure when the chunk's numbers do not go together. */
export function processingWish(flags: ProcessingFlags): ProcessingWish {
  const chunking = { maxTokens: flags.maxTokens, overlapTokens: flags.overlap }
  if (!chunkSettingsSchema.safeParse(chunking).success)
    throw usageFailure(
      '--overlap may be at most half of --max-tokens (512 when it is not given).',
      'Give other numbers.',
    )
  const { tier, pages, language, parseOptions, parseMode, policy } = flags
  const parsing = {
    ...(tier !== undefined && { tier }),
    ...(pages !== undefined && { pages }),
    ...(language !== undefined && { languages: language }),
    ...(parseOptions !== undefined && { options: parseOptions }),
  }
  const routing = { ...(parseMode !== undefined && { parse: parseMode }), ...(policy !== undefined && { policy }) }
  return { chunking, parsing, routing }
}

function pageRanges(text: string): string {
  return checked({ pages: text }, 'It takes pages such as 1,3,5-8.').pages ?? text
}

function languages(text: string, before: string[] = []): string[] {
  const codes = text.split(',').map(code => code.trim())
  return [...before, ...(checked({ languages: codes }, 'It takes language codes such as en,de.').languages ?? [])]
}

function jsonObject(text: string): ParseOptions['options'] {
  let options: unknown
  try {
    options = JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('It is not JSON.')
  }
  return checked({ options }, 'It takes a JSON object.').options
}

function checked(options: unknown, problem: string): ParseOptions {
  const parsed = parseOptionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(problem)
}
