import type { Answer } from '../../shared/api.http.ts'

export type DocumentDetail = Answer<'/v1/documents/{documentId}'>
export type Version = DocumentDetail['versions'][number]
