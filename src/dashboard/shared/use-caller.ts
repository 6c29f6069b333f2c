import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { type Answer, answerOf, api } from './api.http.ts'
import { chosenTenant } from './tenant.ts'

export const callerQuery = queryOptions({
  queryKey: ['caller'],
  queryFn: () => answerOf(api.GET('/v1/caller')),
  staleTime: Number.POSITIVE_INFINITY,
})

/** Whom the key stands for, and whose documents are shown: the chosen tenant's, else its own. Suspends until it is known; the shell waits for it, so pages have it at once. */
export function useCaller(): Answer<'/v1/caller'> & { isAdmin: boolean; shownTenant: string } {
  const { data } = useSuspenseQuery(callerQuery)
  return { ...data, isAdmin: data.role === 'admin', shownTenant: chosenTenant ?? data.tenantId }
}
