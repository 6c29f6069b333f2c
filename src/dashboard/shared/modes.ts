import type { Answer } from './api.http.ts'

export type ServiceMode = Answer<'/v1/modes'>['modes'][number]

/** The modes that hold for all tenants: what was switched goes before the configuration, which is listed too. */
export function modesOfAll(modes: readonly ServiceMode[]): ServiceMode[] {
  const shared = modes.filter(({ tenantId }) => tenantId === '*')
  return shared
    .filter(
      ({ service, origin }) =>
        origin === 'switched' || !shared.some(other => other.service === service && other.origin === 'switched'),
    )
    .sort((a, b) => b.service.localeCompare(a.service))
}
