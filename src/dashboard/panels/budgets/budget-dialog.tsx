import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type BudgetPeriod, type BudgetPolicy, budgetPeriods, budgetPolicies } from '../../../contract/budget-terms.ts'
import type { ServiceName } from '../../../contract/provenance.ts'
import { answerOf, api } from '../../shared/api.http.ts'
import { Failure } from '../../shared/loaded.tsx'
import { readDollars, usd } from '../../shared/money.ts'
import { tellDone } from '../../shared/tell.ts'
import { timeZone } from '../../shared/time-range.ts'
import type { Budget } from './budget.ts'

/** Sets a new budget, or changes the cap, the policy and the alerts of one. */
export function BudgetDialog({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const [name, setName] = useState(budget?.budgetId ?? '')
  const [tenantId, setTenantId] = useState(budget?.tenantId ?? '*')
  const [service, setService] = useState<ServiceName | ''>(budget?.service ?? '')
  const [cap, setCap] = useState(budget === null ? '' : usd(budget.capNanoUsd).slice(1))
  const [period, setPeriod] = useState<BudgetPeriod>(budget?.period ?? 'day')
  const [policy, setPolicy] = useState<BudgetPolicy>(budget?.policy ?? 'defer')
  const [money, setMoney] = useState<'real' | 'shadow'>(budget?.money ?? 'real')
  const client = useQueryClient()
  const capNanoUsd = readDollars(cap)
  const isNew = budget === null
  const save = useMutation({
    mutationFn: () => {
      const { provider = null, apiKeyId = null, tag = null, alertPercents = [50, 80, 95, 100] } = budget ?? {}
      const scope = { service: service === '' ? null : service, provider, apiKeyId, tag }
      return answerOf(
        api.PUT('/v1/budgets/{tenantId}/{budgetId}', {
          params: { path: { tenantId, budgetId: name } },
          body: {
            ...scope,
            money,
            capNanoUsd: capNanoUsd ?? '0',
            period,
            timeZone: budget?.timeZone ?? timeZone,
            policy,
            alertPercents,
          },
        }),
      )
    },
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['budgets'] })
      tellDone(`Budget ${name} is set`)
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={isNew ? 'New budget' : `Budget ${name}`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="sm">
          {isNew && (
            <>
              <TextInput
                label="Name"
                value={name}
                onChange={e => setName(e.currentTarget.value)}
                required
                pattern="[a-z0-9][a-z0-9_.\-]*"
                data-autofocus
              />
              <TextInput
                label="Tenant"
                description="* for all tenants together"
                value={tenantId}
                onChange={e => setTenantId(e.currentTarget.value)}
                required
              />
              <NativeSelect
                label="Service"
                value={service}
                onChange={e => setService(e.currentTarget.value as ServiceName | '')}
                data={[
                  { value: '', label: 'All' },
                  { value: 'parse', label: 'Parsing' },
                  { value: 'embed', label: 'Embedding' },
                ]}
              />
              <NativeSelect
                label="Counts"
                value={money}
                onChange={e => setMoney(e.currentTarget.value as 'real' | 'shadow')}
                data={[
                  { value: 'real', label: 'What is paid' },
                  { value: 'shadow', label: 'What simulated calls would cost, to rehearse' },
                ]}
              />
              <NativeSelect
                label="Period"
                value={period}
                onChange={e => setPeriod(e.currentTarget.value as BudgetPeriod)}
                data={[...budgetPeriods]}
              />
            </>
          )}
          <TextInput
            label="Cap in dollars"
            value={cap}
            onChange={e => setCap(e.currentTarget.value)}
            error={cap !== '' && capNanoUsd === null ? 'An amount such as 5 or 0.50' : null}
            inputMode="decimal"
            required
            {...(!isNew && { 'data-autofocus': true })}
          />
          <NativeSelect
            label="What does not fit"
            value={policy}
            onChange={e => setPolicy(e.currentTarget.value as BudgetPolicy)}
            data={budgetPolicies.map(value => ({
              value,
              label: { defer: 'Waits', reject: 'Is refused', fallback: 'Goes to this machine' }[value],
            }))}
          />
          {save.error !== null && <Failure error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending} disabled={capNanoUsd === null || name === ''}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
