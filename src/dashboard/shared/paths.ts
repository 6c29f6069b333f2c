/** Every address of the dashboard, in one place. */
export const paths = {
  overview: '/',
  documents: '/documents',
  documentsInState: (state: string) => `/documents?state=${state}`,
  document: (documentId: string) => `/documents/${documentId}`,
  documentVersion: (documentId: string, versionId: string) => `/documents/${documentId}?version=${versionId}`,
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

const shared = ['range', 'from', 'to', 'tenant']

/** A path with the parameters that all pages share (the time range, the tenant) carried over from the present address. */
export function carryOver(path: string, present: URLSearchParams): string {
  const [pathname = '/', query = ''] = path.split('?')
  const params = new URLSearchParams(query)
  for (const name of shared) {
    const value = present.get(name)
    if (value !== null && !params.has(name)) params.set(name, value)
  }
  const text = params.toString()
  return text === '' ? pathname : `${pathname}?${text}`
}
