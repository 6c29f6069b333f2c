import { InvalidArgumentError } from 'commander'
import type { ParseOptions } from '../../contract/parse-options.ts'
import { parseTierSchema } from '../../contract/parse-options.ts'
import { modeSchema } from '../../contract/provenance.ts'
import type { RouteWish } from '../../contract/routing.ts'

/** One side of a comparison, as it is written: `local`, `mock`, `real:agentic`, `hybrid:balanced`, with `+real` behind it for real embeddings. */
export interface RouteSpec {
  name: string
  parsing: ParseOptions
  routing: RouteWish
}

/** Throws commander's InvalidArgumentError. */
export function readRouteSpec(text: string): RouteSpec {
  const [route = '', embed] = text.split('+')
  const [mode, detail] = route.split(':')
  const parse = modeSchema.safeParse(mode)
  const embedding = embed === undefined ? undefined : modeSchema.safeParse(embed)
  if (!parse.success || embedding?.success === false)
    throw new InvalidArgumentError('It takes a route such as local, mock, real:agentic or hybrid:balanced+real.')
  const tier = parseTierSchema.safeParse(detail)
  if (detail !== undefined && parse.data !== 'hybrid' && !tier.success)
    throw new InvalidArgumentError(`${detail} is no tier; there are fast, cost_effective, agentic and agentic_plus.`)
  const isPolicy = detail !== undefined && parse.data === 'hybrid'
  return {
    name: text,
    parsing: tier.success && !isPolicy ? { tier: tier.data } : {},
    routing: {
      parse: parse.data,
      publish: false,
      ...(isPolicy && { policy: detail }),
      ...(embedding?.success && { embed: embedding.data }),
    },
  }
}
