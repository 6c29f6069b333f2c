import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { carryOver } from './paths.ts'
import { useCaller } from './use-caller.ts'

interface AppLinkProps {
  to: string
  /** Whose page it is; of another tenant than the present one it is loaded anew, for that one. */
  tenant?: string | undefined
  children: ReactNode
}

/** A link to a page of the dashboard, which keeps the time range and the tenant. */
export function AppLink({ to, tenant, children }: AppLinkProps) {
  const [params] = useSearchParams()
  const { shownTenant } = useCaller()
  if (tenant === undefined || tenant === shownTenant)
    return (
      <Anchor component={Link} href={carryOver(to, params)} size="sm">
        {children}
      </Anchor>
    )
  return (
    <Anchor href={carryOver(`${to}${to.includes('?') ? '&' : '?'}tenant=${tenant}`, params)} size="sm">
      {children}
    </Anchor>
  )
}
