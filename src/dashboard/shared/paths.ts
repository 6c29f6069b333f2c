/** Every address of the dashboard, in one place. */
export const paths = {
  overview: '/',
  documents: '/documents',
  documentsInState: (state: string) => `/documents?state=${state}`,
  document: (documentId: string) => `/documents/${documentId}`,
  search: '/search',
  services: '/services',
  budgets: '/budgets',
  costs: '/costs',
  errors: '/errors',
  alerts: '/alerts',
  system: '/system',
  audit: '/audit',
  apiReference: '/docs',
} as const

/** A path with the parameters that all pages share (the time range) carried over from the present address. */
export function carryOver(path: string, present: URLSearchParams): string {
  const [pathname = '/', query = ''] = path.split('?')
  const params = new URLSearchParams(query)
  const range = present.get('range')
  if (range !== null && !params.has('range')) params.set('range', range)
  const text = params.toString()
  return text === '' ? pathname : `${pathname}?${text}`
}
