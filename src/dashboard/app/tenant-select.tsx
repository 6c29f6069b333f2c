import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../shared/api.http.ts'
import { chooseTenant, chosenTenant } from '../shared/tenant.ts'

/** Whose documents, jobs, errors and costs are shown; for admin keys. */
export function TenantSelect() {
  const { data } = useQuery({
    queryKey: ['tenants'],
    queryFn: () => answerOf(api.GET('/v1/tenants')),
    staleTime: 60_000,
  })
  const known = data?.tenants.map(({ tenantId }) => tenantId) ?? []
  const names = chosenTenant === null || known.includes(chosenTenant) ? known : [chosenTenant, ...known]
  return (
    <NativeSelect
      aria-label="Tenant"
      size="xs"
      w={{ base: '100%', sm: 170 }}
      value={chosenTenant ?? ''}
      onChange={({ currentTarget: { value } }) => chooseTenant(value === '' ? null : value)}
      data={[{ value: '', label: 'All tenants' }, ...names.map(name => ({ value: name, label: name }))]}
    />
  )
}
