import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { carryOver } from './paths.ts'

/** A link to a page of the dashboard, which keeps the time range and the tenant. */
export function AppLink({ to, children, quiet = false }: { to: string; children: ReactNode; quiet?: boolean }) {
  const [params] = useSearchParams()
  return (
    <Anchor
      component={Link}
      href={carryOver(to, params)}
      size="sm"
      {...(quiet && { c: 'inherit', underline: 'hover' })}
    >
      {children}
    </Anchor>
  )
}
