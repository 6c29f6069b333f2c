import { Button, Group, Text } from '@mantine/core'
import type { Answer } from '../../shared/api.http.ts'
import { AppLink } from '../../shared/app-link.tsx'
import { Card } from '../../shared/card.tsx'
import { Icon } from '../../shared/icons.tsx'
import { Mark } from '../../shared/marks.tsx'
import { Moment } from '../../shared/moment.tsx'
import { shareOf, usd, usdShort } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { plural } from '../../shared/words.ts'
import type { Budget } from './budget.ts'
import { BudgetBar } from './budget-bar.tsx'

interface BudgetCardProps {
  budget: Budget
  forecast: Answer<'/v1/costs/forecast'>['budgets'][number] | undefined
  /** Null: it comes from the configuration, or may not be changed with this key. */
  onEdit: (() => void) | null
}

export function BudgetCard({ budget, forecast, onEdit }: BudgetCardProps) {
  const {
    budgetId,
    capNanoUsd,
    period,
    spentNanoUsd,
    heldNanoUsd,
    leftNanoUsd,
    windowEnd,
    waitingJobs,
    waitingNanoUsd,
  } = budget
  const share = shareOf(BigInt(spentNanoUsd) + BigInt(heldNanoUsd), capNanoUsd)
  return (
    <Card
      title={budgetId}
      actions={
        <Group gap="xs">
          <BudgetMark share={share} waitingJobs={waitingJobs} />
          {onEdit && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="pen" size={14} />}
              onClick={onEdit}
              aria-label={`Edit ${budgetId}`}
            >
              Edit
            </Button>
          )}
        </Group>
      }
    >
      <Group justify="space-between" align="baseline">
        <Text fz={22} fw={640} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {usdShort(spentNanoUsd)}
          <Text span size="sm" c="dimmed" fw={400}>
            {' '}
            of {usdShort(capNanoUsd)} {period === 'total' ? 'in total' : period === 'hour' ? 'an hour' : `a ${period}`}
          </Text>
        </Text>
        <Text size="sm" fw={600}>
          {share.toFixed(1)} %
        </Text>
      </Group>
      <BudgetBar budget={budget} />
      <Text size="sm" c="dimmed">
        {sayScope(budget)}
      </Text>
      <Text size="sm" mt={6}>
        {usd(heldNanoUsd)} held, {usd(leftNanoUsd)} left
        {windowEnd !== null && (
          <>
            {' '}
            until <Moment at={windowEnd} />
          </>
        )}
      </Text>
      <Text size="sm" mih={22}>
        {forecast?.expectedNanoUsd != null &&
          `Forecast: ${usdShort(forecast.expectedNanoUsd)} at its end${forecast.exceedsCap === true ? ', above the cap' : ''}.`}
      </Text>
      {waitingJobs > 0 && (
        <Text size="sm">
          <AppLink to={paths.documentsInState('deferred')}>{plural(waitingJobs, 'document')}</AppLink> wait for{' '}
          {usd(waitingNanoUsd)}
        </Text>
      )}
    </Card>
  )
}

function BudgetMark({ share, waitingJobs }: { share: number; waitingJobs: number }) {
  if (waitingJobs > 0) return <Mark tone="bad">Work waits</Mark>
  if (share >= 95) return <Mark tone="bad">Nearly spent</Mark>
  return share >= 80 ? <Mark tone="wait">Getting full</Mark> : <Mark tone="good">Room</Mark>
}

function sayScope({ tenantId, service, provider, tag, apiKeyId, policy, money }: Budget): string {
  const parts = [
    tenantId === '*' ? 'all tenants together' : `tenant ${tenantId}`,
    service === null ? null : `service ${service}`,
    provider === null ? null : `provider ${provider}`,
    tag === null ? null : `tag ${tag}`,
    apiKeyId === null ? null : 'one API key',
    money === 'real' ? null : 'by what unpaid calls would have cost',
  ]
  const then = {
    defer: 'what does not fit waits',
    reject: 'what does not fit is refused',
    fallback: 'what does not fit goes to this machine',
  }
  return `Covers ${parts.filter(part => part !== null).join(', ')}; ${then[policy]}`
}
