import type { Answer } from '../../shared/api.http.ts'

export type Rule = Answer<'/v1/alert-rules'>['rules'][number]
