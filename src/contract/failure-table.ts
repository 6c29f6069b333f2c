import type { FailureFacts } from './failure-facts.ts'
import { failuresOfCalls } from './failure-table-calls.ts'

/**
 * Every failure that a user can meet, in one table: the HTTP status it becomes, whether trying again can help,
 * whose fault it is (only a `provider` fault may trip a breaker), and what the user should do next.
 */
export const failures = {
  // what was sent
  validation_failed: [400, false, 'input', 'Correct the fields that the message names and send the request again.'],
  upload_incomplete: [400, false, 'input', 'The upload ended early. Send the file again.'],
  unauthorized: [
    401,
    false,
    'input',
    'Send a valid API key as "Authorization: Bearer sk-sluice-…" (create one with `sluice keys create`).',
  ],
  forbidden: [403, false, 'input', 'Use a key with the admin role (the local key has it).'],
  not_found: [404, false, 'input', 'Check the path against /openapi.json.'],
  document_not_found: [404, false, 'input', 'List your documents with `sluice documents`.'],
  tenant_not_found: [404, false, 'input', 'List the tenants with GET /v1/tenants (an admin key).'],
  version_not_found: [404, false, 'input', 'List the versions of the document with `sluice show <id>`.'],
  rollback_refused: [
    409,
    false,
    'input',
    'Make a new version with the settings of that one (`sluice reprocess`): what is parsed already is not parsed again.',
  ],
  job_not_found: [404, false, 'input', 'List your jobs with `sluice jobs`.'],
  job_state_conflict: [409, false, 'input', 'Look at the job with `sluice show <id>`; its state does not allow this.'],
  idempotency_conflict: [
    409,
    false,
    'input',
    'This Idempotency-Key was used for another request. Use a new key for a new upload.',
  ],
  idempotency_in_progress: [
    409,
    true,
    'input',
    'The first request with this Idempotency-Key is still running. Repeat it in a moment.',
  ],
  file_too_large: [413, false, 'input', 'Split the file, or raise SLUICE_MAX_FILE_BYTES.'],
  file_type_unsupported: [415, false, 'input', 'Send PDF, DOCX, PPTX, XLSX, HTML, Markdown, plain text or CSV.'],
  file_name_invalid: [422, false, 'input', 'Give the file a name of 1 to 255 bytes without control characters.'],
  file_empty: [422, false, 'input', 'The file has no bytes. Check where it was exported.'],
  // what was in the document
  document_encrypted: [422, false, 'input', 'Remove the password from the file and upload it again.'],
  document_corrupt: [422, false, 'input', 'The file is damaged or cut short. Export it again and upload the new one.'],
  document_mislabelled: [
    422,
    false,
    'input',
    'The content is not of the type that the file claims. Check the file and upload it again.',
  ],
  document_without_text: [422, false, 'input', 'Nothing readable was found. Check that the document has content.'],
  document_scanned: [
    422,
    false,
    'input',
    'The pages are pictures without a text layer. Install Tesseract (e.g. `apt-get install tesseract-ocr`) and retry, or run OCR on the file first.',
  ],
  document_expands_too_much: [
    422,
    false,
    'input',
    'The file unpacks to more than is allowed (a decompression bomb?). Raise SLUICE_MAX_UNPACKED_BYTES if you trust it.',
  ],
  parse_timed_out: [
    422,
    false,
    'input',
    'Parsing took too long. Split the document, or raise SLUICE_PARSE_TIMEOUT_MS and retry the job.',
  ],
  parse_out_of_memory: [
    422,
    false,
    'input',
    'Parsing needed too much memory. Split the document, or raise SLUICE_PARSE_MEMORY_MB and retry the job.',
  ],
  parse_output_too_large: [
    422,
    false,
    'input',
    'The document has more text than is allowed. Split it, or raise SLUICE_MAX_TEXT_BYTES and retry the job.',
  ],
  parser_crashed: [
    500,
    true,
    'system',
    'The parser process ended on this document. If it happens again, the document is likely damaged; please report it.',
  ],
  // what happened inside
  blob_missing: [
    500,
    false,
    'system',
    'The stored bytes are gone. Restore them from a backup, or upload the file again.',
  ],
  blob_corrupt: [
    500,
    false,
    'system',
    'The stored bytes differ from what was uploaded. Restore them from a backup, or upload the file again.',
  ],
  chunking_failed: [
    500,
    false,
    'system',
    'Chunking broke one of its own promises. Please report it with the document id.',
  ],
  vector_invalid: [
    502,
    true,
    'provider',
    'The embedding provider returned an unusable vector; it was not stored. Retry the job; if it stays, change the model.',
  ],
  version_incomplete: [
    500,
    true,
    'system',
    'Not every chunk has a vector in the space that is searched, so the version was not published and is embedded again. Retry the job.',
  ],
  job_timed_out: [
    500,
    true,
    'system',
    'The stage passed its deadline. Retry the job; if it stays, look at the provider with `sluice doctor`.',
  ],
  job_interrupted: [
    500,
    true,
    'system',
    'The worker ended in the middle of this stage too many times. Look at its log, then retry the job.',
  ],
  ...failuresOfCalls,
  // running it
  configuration_invalid: [
    500,
    false,
    'input',
    'Correct the setting that the message names; docs/configuration.md lists them all.',
  ],
  database_in_use: [
    503,
    false,
    'input',
    'Stop the process that the message names, or talk to it instead (the CLI does so by itself).',
  ],
  database_too_new: [
    503,
    false,
    'input',
    'This database was migrated by a newer Sluice. Update Sluice, or restore a backup from before.',
  ],
  database_migration_changed: [
    503,
    false,
    'input',
    'A migration that was applied has been edited since. Restore the original file.',
  ],
  database_unsupported: [503, false, 'input', 'Use PostgreSQL 15 or newer with pgvector 0.8 or newer.'],
  database_unavailable: [503, true, 'system', 'The database did not answer. Check DATABASE_URL and the server.'],
  server_unreachable: [503, true, 'system', 'No server answered. Start one with `npm start`, or check --url.'],
  too_many_streams: [
    503,
    true,
    'system',
    'Close other readers of /v1/events (a page each), or start another API process and try again there.',
  ],
  shutting_down: [503, true, 'system', 'The server is stopping. Send the request again in a moment.'],
  internal_error: [
    500,
    true,
    'system',
    'This is a bug. Report it with the correlation id; the server log has the details.',
  ],
} as const satisfies Record<string, FailureFacts>
