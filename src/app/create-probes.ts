import type { Configuration } from './settings.ts'

type Probe = (signal: AbortSignal) => Promise<void>

/**
 * Questions that cost nothing, by which is seen whether an ill provider can be reached again: LlamaCloud's list of jobs, and the list of models
 * of a server of OpenAI's protocol. Any answer below 500 will do: a refused key is not ill health.
 */
export function createProbes(configuration: Configuration): Record<string, Probe> {
  const { llamaCloudBaseUrl, llamaCloudApiKey, embedProvider } = configuration
  const openAiUrl = configuration.embedBaseUrl || (embedProvider === 'openai' ? configuration.openAiBaseUrl : '')
  const openAiKey = configuration.embedKey || (embedProvider === 'openai' ? configuration.openAiApiKey : '')
  return {
    ...(llamaCloudApiKey !== '' && {
      llamaparse: probe(`${trimmed(llamaCloudBaseUrl)}/api/v2/parse?page_size=1`, llamaCloudApiKey),
    }),
    ...(openAiUrl !== '' && { [embedProvider]: probe(`${trimmed(openAiUrl)}/models`, openAiKey) }),
  }
}

function probe(url: string, key: string): Probe {
  return async signal => {
    const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
    const response = await fetch(url, { headers, signal })
    await response.body?.cancel()
    if (response.status >= 500) throw new Error(`${response.status}`)
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
