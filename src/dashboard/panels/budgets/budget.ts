import type { Answer } from '../../shared/api.http.ts'

export type Budget = Answer<'/v1/budgets'>['budgets'][number]
