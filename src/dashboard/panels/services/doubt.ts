import type { Answer } from '../../shared/api.http.ts'

export type Doubt = Answer<'/v1/calls'>['calls'][number]
