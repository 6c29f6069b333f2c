import { z } from 'zod'
import { policiesSchema, presetNames } from '../contract/routing.ts'
import { jsonObject, onOff, setting, text } from './setting.ts'

/** Who takes which call in mode `hybrid`, and what production forbids. docs/routing.md is for the user. */
export const routingSettings = {
  environment: setting(
    'SLUICE_ENV',
    'development',
    '`production`: mode `mock` is refused, so that nothing simulated passes for real; or `development`.',
    z.enum(['development', 'production']),
  ),
  forceMock: setting(
    'SLUICE_FORCE_MOCK',
    'off',
    '`on`: mode `mock` is taken in production all the same; every start says so.',
    onOff,
  ),
  cassettes: setting(
    'SLUICE_CASSETTES',
    'off',
    '`record`: what real providers answer is kept in SLUICE_CASSETTE_DIR; `replay`: mode `mock` serves what was kept, and nothing else (docs/replay.md).',
    z.enum(['off', 'record', 'replay']),
  ),
  cassetteDir: setting('SLUICE_CASSETTE_DIR', '', 'The folder of recorded answers; they hold text of documents.', text),
  routingPolicy: setting(
    'SLUICE_ROUTING_POLICY',
    'balanced',
    `The policy of mode \`hybrid\`: ${presetNames.join(', ')}, or one of SLUICE_ROUTING_POLICIES.`,
    text,
  ),
  routingPolicies: setting(
    'SLUICE_ROUTING_POLICIES',
    '',
    'Policies of your own, as JSON: `{"mine":[{"use":"local","pages":["simple"]},{"use":"paid","tier":"agentic"},{"use":"local"}]}` (docs/routing.md).',
    jsonObject.transform((value, context) => {
      const read = policiesSchema.safeParse(value)
      if (read.success) return read.data
      const [issue] = read.error.issues
      context.addIssue({ code: 'custom', message: `policies: ${issue?.path.join('.')} ${issue?.message}` })
      return z.NEVER
    }),
  ),
} as const
