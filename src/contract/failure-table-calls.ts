import type { FailureFacts } from './failure-facts.ts'

/** The failures of calls to providers, of money, and of deliveries; see failure-table.ts. */
export const failuresOfCalls = {
  // providers
  provider_unavailable: [503, true, 'provider', 'The provider did not answer properly. The call is retried by itself.'],
  provider_rate_limited: [429, true, 'provider', 'The provider asked to slow down. The call is retried by itself.'],
  provider_refused: [
    502,
    false,
    'provider',
    'The provider refused the call. Read its message, correct the cause and retry the job.',
  ],
  provider_key_refused: [502, false, 'provider', 'Correct the key and start again; the work goes on by itself then.'],
  provider_out_of_credits: [
    402,
    false,
    'provider',
    'Buy credits at the provider, or choose another mode; the work goes on by itself once there are some.',
  ],
  document_too_large: [422, false, 'input', 'Split the document, or send a range of its pages only.'],
  remote_parse_timed_out: [
    504,
    true,
    'provider',
    'The provider gave up on the document. It is tried again by itself; if it stays, split the document or choose another tier.',
  ],
  remote_parse_failed: [
    502,
    true,
    'provider',
    'The provider failed on the document. It is tried again by itself; if it stays, choose another tier, or send the provider the id of its job.',
  ],
  remote_job_stuck: [
    504,
    true,
    'provider',
    "The provider did not finish in time, so its job was given up. It is tried again by itself; look at the provider's status page if it stays.",
  ],
  remote_job_abandoned: [
    504,
    false,
    'provider',
    "The provider did not finish in time, so its job was given up. Look at the provider's status page, then retry the job.",
  ],
  remote_job_lost: [
    502,
    false,
    'provider',
    'The provider does not know its job any more, and may have charged it. Retry the job to buy the result again.',
  ],
  call_awaited: [503, true, 'system', 'The provider is at work on it; the job goes on by itself.'],
  call_invalid: [
    500,
    false,
    'system',
    'Sluice made a call that the provider cannot take. Please report it with the job id.',
  ],
  provider_reply_malformed: [
    502,
    true,
    'provider',
    'The provider sent a reply of an unknown shape. If it stays, update Sluice.',
  ],
  provider_not_configured: [501, false, 'input', 'Configure the provider (see `sluice doctor`) or use another mode.'],
  mode_refused: [
    409,
    false,
    'input',
    'Choose another mode with `sluice mode set`, or insist with --force (SLUICE_FORCE_MOCK=on at the start).',
  ],
  cassette_missing: [
    501,
    false,
    'input',
    'This call was not recorded. Record again with SLUICE_CASSETTES=record, or send what was recorded.',
  ],
  call_unpriceable: [
    422,
    false,
    'system',
    'There is no price for this call, so it is refused. Add one to the price list.',
  ],
  // money
  budget_exhausted: [
    402,
    false,
    'input',
    'Raise the cap with `sluice budgets set`, or wait for its next window, and retry the job.',
  ],
  call_deferred: [503, true, 'system', 'It goes on by itself. `sluice budgets` shows what is held, spent and waiting.'],
  call_outcome_unknown: [
    502,
    true,
    'provider',
    'The call may have been charged, so it is not repeated. It is looked up at the provider, or resolve it with `sluice costs resolve`.',
  ],
  quote_exceeded: [402, false, 'input', 'Raise --max-cost, send fewer files, or raise the cap that the message names.'],
  budget_not_found: [404, false, 'input', 'List the budgets with `sluice budgets`.'],
  budget_conflict: [409, false, 'input', 'This budget comes from the configuration (SLUICE_BUDGETS). Change it there.'],
  call_not_found: [404, false, 'input', 'List the calls in doubt with `sluice costs doubts`.'],
  // alerts that go out
  receiver_not_found: [404, false, 'input', 'List the receivers with `sluice alerts receivers`.'],
  receiver_has_no_secret: [
    409,
    false,
    'input',
    'Only webhooks are signed. List the receivers with `sluice alerts receivers`.',
  ],
  receiver_address_invalid: [
    422,
    false,
    'input',
    'Give an https address that is reached from the internet, or a mail address; SLUICE_ALERT_PRIVATE_ADDRESSES=on allows others.',
  ],
  mail_off: [422, false, 'input', 'Set SLUICE_SMTP_URL and start again, or name a webhook or a Slack channel.'],
  delivery_not_found: [404, false, 'input', 'List the deliveries with `sluice alerts deliveries`.'],
  // deliveries from outside
  webhook_signature_invalid: [
    401,
    false,
    'input',
    'Sign the delivery with the secret that this server was configured with (SLUICE_WEBHOOK_SECRETS).',
  ],
  webhook_malformed: [400, false, 'input', 'Send the body that the provider documents, in JSON.'],
  webhook_too_large: [413, false, 'input', 'A delivery has a few hundred bytes; send no content with it.'],
  webhooks_off: [404, false, 'input', 'Set SLUICE_WEBHOOK_SECRETS to receive webhooks.'],
  call_state_conflict: [409, false, 'input', 'Only a call in doubt can be resolved. See `sluice costs doubts`.'],
} as const satisfies Record<string, FailureFacts>
