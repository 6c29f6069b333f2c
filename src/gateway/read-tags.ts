import { z } from 'zod'
import { tagSchema } from '../contract/budget.ts'
import { type OpenAiReply, refusal } from './openai-reply.ts'

const tagsSchema = z.array(tagSchema).max(20)

/** The header `x-sluice-tags`, separated by commas, checked as those of uploads; or the refusal of it. */
export function readTags(header: string | undefined): { tags: readonly string[] } | OpenAiReply {
  if (header === undefined) return { tags: [] }
  const tags = [...new Set(header.split(',').map(tag => tag.trim()))].filter(tag => tag !== '')
  const checked = tagsSchema.safeParse(tags)
  if (checked.success) return { tags: checked.data }
  const message = `The header x-sluice-tags is wrong: ${checked.error.issues[0]?.message}.`
  return refusal(message, { param: 'x-sluice-tags', code: 'invalid_value' })
}
