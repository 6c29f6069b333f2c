import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answerOf, api } from '../../shared/api.http.ts'

export function jobQuery(documentId: string, jobId: string) {
  return queryOptions({
    queryKey: ['document', documentId, 'job', jobId],
    queryFn: () => answerOf(api.GET('/v1/jobs/{jobId}', { params: { path: { jobId } } })),
  })
}

export function routeQuery(documentId: string, jobId: string) {
  return queryOptions({
    queryKey: ['document', documentId, 'route', jobId],
    queryFn: () => answerOf(api.GET('/v1/jobs/{jobId}/explanation', { params: { path: { jobId } } })),
  })
}

/** The document, once what stands at the top of its page is there too: so that nothing on it moves. */
export function documentQuery(client: QueryClient, documentId: string) {
  return queryOptions({
    queryKey: ['document', documentId, 'facts'],
    queryFn: async () => {
      const document = await answerOf(api.GET('/v1/documents/{documentId}', { params: { path: { documentId } } }))
      const { jobId } = document.job
      await Promise.all([
        client.ensureQueryData(jobQuery(documentId, jobId)),
        client.ensureQueryData(routeQuery(documentId, jobId)),
      ])
      return document
    },
  })
}
