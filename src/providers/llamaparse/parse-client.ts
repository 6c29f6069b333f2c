import { AppError } from '../../contract/failure.ts'
import { parseTiers } from '../../contract/parse-options.ts'
import type { ParseInput, ParseJobService } from '../../contract/parse-service.ts'
import type { Quote } from '../../contract/service.ts'
import { createCloudRequest } from './cloud-request.http.ts'
import { billJob, collectJob } from './collect-job.ts'
import { priceCredits } from './credit-price.ts'
import { findEnded, findJob } from './find-job.ts'
import { planLooks } from './look-again.ts'
import { mostCreditsPerPage } from './most-credits.ts'
import { countSelected } from './page-selection.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'
import { checkFields, nameVariant, planParse } from './parse-plan.ts'
import { submitJob } from './submit-job.ts'

export type { LlamaParseOptions }

/** The largest file that LlamaParse takes (documented). */
const maxFileBytes = 512 * 1024 * 1024

/**
 * Parsing by LlamaParse v2, or by a simulator of it, over the official SDK. Units are pages; a quote is the pages counted here times the most
 * credits that a page can cost under the options, and no more pages are sent than it says. The tier is what a price list calls the model.
 *
 * `quote` fails with `validation_failed` for options that cannot be taken, `call_unpriceable`, `document_too_large`, or as `countPages` does.
 * `submit` fails as `failureOfRefusal` says, with `provider_unavailable` when LlamaCloud was never reached, and with `call_outcome_unknown`
 * whenever a job may have been created. The other calls fail with `provider_unavailable` or `provider_reply_malformed` instead. An aborted call
 * rejects with the signal's reason. No error and no note holds text of the document, the key, or what the provider wrote.
 *
 * `remove` deletes the job with its results. Whether the upload leaves a file behind that only the files API could delete is not documented: a
 * job's answer names none, so nothing else is deleted.
 */
export function createLlamaParse(options: LlamaParseOptions): ParseJobService {
  checkOptions(options)
  const cloud = createCloudRequest(options)
  return {
    async quote(input, { signal = new AbortController().signal } = {}) {
      const plan = planParse(input.options, options)
      const creditsPerPage = mostCreditsPerPage(plan.tier, plan.fields)
      priceCredits(options, plan.tier, '0', 0) // an unpriceable call is refused before anything is read
      checkSize(input)
      const pages = countSelected(plan, await options.countPages(input, { signal }))
      if (pages === 0)
        throw new AppError(
          'validation_failed',
          `Document ${input.documentId} has none of the pages that "pages" names.`,
        )
      return priceCredits(options, plan.tier, String(pages * creditsPerPage), pages)
    },
    price(pages, model): Quote {
      const asked = parseTiers.find(tier => tier === model)
      const { tier, fields } = planParse(asked ? { tier: asked } : {}, options)
      return priceCredits(options, tier, String(pages * mostCreditsPerPage(tier, fields)), pages)
    },
    variant: input => nameVariant(planParse(input.options, options), options.simulated),
    model: input => input.options.tier ?? options.tier,
    jobs: {
      submit: (input, call) => submitJob(cloud, input, call, options),
      ended: (remoteIds, { signal }) => findEnded(cloud, remoteIds, signal),
      collect: (remoteId, input, { signal }) => collectJob(cloud, remoteId, input, options, signal),
      bill: (remoteId, model, { signal }) => billJob(cloud, remoteId, model, options, signal),
      cancel: (remoteId, { signal }) => cloud.cancel(remoteId, signal),
      async remove(remoteId, { signal }) {
        if (options.retention === 'delete') await cloud.remove(remoteId, signal)
      },
      find: (callId, submittedAt, { signal }) => findJob(cloud, callId, submittedAt, options, signal),
      lookAgainMs: looks => options.lookAgainMs?.(looks) ?? planLooks(looks, options.webhook !== null),
      whenStuck: options.whenStuck,
    },
  }
}

function checkOptions({ apiKey, options }: LlamaParseOptions): void {
  if (apiKey === '') throw new AppError('provider_not_configured', 'LlamaParse needs an API key, and none is set.')
  // Otherwise the error about the header would quote it.
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new AppError('configuration_invalid', 'LLAMA_CLOUD_API_KEY holds a character that no key has.')
  const fault = checkFields(options ?? {}, ['version'])
  if (fault) throw new AppError('configuration_invalid', `SLUICE_LLAMAPARSE_OPTIONS: ${fault}`)
}

function checkSize({ documentId, byteCount }: ParseInput): void {
  if (byteCount <= maxFileBytes) return
  const message = `Document ${documentId} has ${byteCount} bytes; LlamaParse takes ${maxFileBytes} at most.`
  throw new AppError('document_too_large', message)
}
