import { Alert, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiFailure } from './api.http.ts'

interface LoadedProps<Data> {
  query: UseQueryResult<Data>
  /** Of what will stand there, so that nothing moves when it comes, in pixels. */
  height: number
  children: (data: Data) => ReactNode
}

/** What a query brings; before that a place of the same size, or why it failed. */
export function Loaded<Data>({ query, height, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <Failure error={query.error} />
  return <Skeleton height={height} radius="md" aria-label="Loading" />
}

/** What went wrong, and what to do. */
export function Failure({ error }: { error: Error }) {
  return (
    <Alert color="red" title={error.message} m="md" role="alert">
      {error instanceof ApiFailure ? `${error.action} (${error.code})` : 'Is the server still running?'}
    </Alert>
  )
}
