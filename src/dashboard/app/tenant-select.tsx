import { NativeSelect, Text } from '@mantine/core'
import { chooseTenant, chosenTenant } from '../shared/tenant.ts'
import { useCaller } from '../shared/use-caller.ts'
import { useTenants } from '../shared/use-tenants.ts'

/** Whose documents, jobs, errors and costs are shown; an admin chooses, where there are several tenants. */
export function TenantSelect() {
  const { tenantId, isAdmin } = useCaller()
  const names = useTenants()
  if (names.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {tenantId}
        {isAdmin ? ' · admin' : ''}
      </Text>
    )
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
