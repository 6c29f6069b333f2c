import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from './api.http.ts'
import { chosenTenant } from './tenant.ts'
import { useCaller } from './use-caller.ts'

/** The names that an admin can choose among; none for others, and where there is only one tenant. */
export function useTenants(): readonly string[] {
  const { isAdmin } = useCaller()
  const { data } = useQuery({
    queryKey: ['tenants'],
    queryFn: () => answerOf(api.GET('/v1/tenants')),
    enabled: isAdmin,
  })
  const known = data?.tenants.map(({ tenantId }) => tenantId) ?? []
  const names = chosenTenant === null || known.includes(chosenTenant) ? known : [chosenTenant, ...known]
  return names.length > 1 ? names : []
}

/** Whose documents are shown, where that has to be said. */
export function useNamedTenant(): string | null {
  const { shownTenant } = useCaller()
  return useTenants().length > 0 ? shownTenant : null
}
