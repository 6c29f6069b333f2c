/**
 * The tenant that an admin has chosen; it stands in the URL, and goes along from page to page. Choosing another one loads the page anew, so
 * that nothing of one tenant is ever shown under the name of another. Null: none is chosen, and sums are those of all.
 */
export const chosenTenant: string | null = new URLSearchParams(window.location.search).get('tenant')

export function chooseTenant(tenantId: string | null): void {
  const url = new URL(window.location.href)
  // What stands behind a document's address is nothing to another tenant.
  url.pathname = url.pathname.replace(/^(\/documents)\/.*/, '$1')
  for (const name of ['page', 'version']) url.searchParams.delete(name)
  if (tenantId === null) url.searchParams.delete('tenant')
  else url.searchParams.set('tenant', tenantId)
  window.location.assign(url)
}

/** The query of a request, with the tenant that is chosen. */
export function forTenant<Query extends Record<string, unknown>>(query: Query): Query & { tenant?: string } {
  return chosenTenant === null ? query : { ...query, tenant: chosenTenant }
}

/** Whether what belongs to a tenant, or to all (`*`), is shown under the present choice. */
export function isShown(tenantId: string): boolean {
  return chosenTenant === null || tenantId === '*' || tenantId === chosenTenant
}
