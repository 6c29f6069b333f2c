import { useSuspenseQuery } from '@tanstack/react-query'
import { type Answer, answerOf, api } from './api.http.ts'

/** Whom the key stands for. Suspends until it is known; the shell waits for it, so pages have it at once. */
export function useCaller(): Answer<'/v1/caller'> & { isAdmin: boolean } {
  const { data } = useSuspenseQuery({
    queryKey: ['caller'],
    queryFn: () => answerOf(api.GET('/v1/caller')),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { ...data, isAdmin: data.role === 'admin' }
}
