import type { OpenAiReply } from './openai-reply.ts'
import { unknownModel } from './read-request.ts'

type Models = readonly { model: string }[]

/** GET /v1/models. */
export function listModels(models: Models): OpenAiReply {
  const names = [...new Set(models.map(({ model }) => model))]
  return { status: 200, headers: {}, body: JSON.stringify({ object: 'list', data: names.map(viewModel) }) }
}

/** GET /v1/models/{model}. */
export function showModel(models: Models, name: string): OpenAiReply {
  if (!models.some(({ model }) => model === name)) return unknownModel(name)
  return { status: 200, headers: {}, body: JSON.stringify(viewModel(name)) }
}

/** When a model was made is not known here. */
function viewModel(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'sluice' }
}
