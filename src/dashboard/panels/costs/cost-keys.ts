/** What the page sums by. */
export const costKeys = {
  day: 'Day',
  service: 'Service',
  model: 'Model',
  document: 'Document',
  tenant: 'Tenant',
} as const
export type CostKey = keyof typeof costKeys
