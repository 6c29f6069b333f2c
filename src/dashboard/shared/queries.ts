import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './api.http.ts'

/** What is asked for before there is a page to show it is not asked for again by the page. Events make it old before. */
export const prefetchedForMs = 5_000

/** What more than one panel shows. */
export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: () => answerOf(api.GET('/v1/budgets')),
  staleTime: prefetchedForMs,
})

export const deferredQuery = queryOptions({
  queryKey: ['documents', 'deferred'],
  queryFn: () => answerOf(api.GET('/v1/jobs', { params: { query: { state: 'deferred', limit: 200 } } })),
  staleTime: prefetchedForMs,
})

export const modesQuery = queryOptions({
  queryKey: ['modes'],
  queryFn: () => answerOf(api.GET('/v1/modes')),
  staleTime: prefetchedForMs,
})

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: () => answerOf(api.GET('/v1/providers')),
  staleTime: prefetchedForMs,
})
