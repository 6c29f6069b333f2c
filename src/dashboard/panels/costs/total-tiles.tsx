import { SimpleGrid } from '@mantine/core'
import { Stat } from '../../shared/card.tsx'
import type { CostSums } from '../../shared/costs.http.ts'
import { usd, usdShort } from '../../shared/money.ts'
import { plural } from '../../shared/words.ts'

/** What all of the range comes to. */
export function TotalTiles({ totals }: { totals: CostSums['totals'] }) {
  const paidCalls = totals.calls - totals.simulatedCalls
  const tiles = [
    ['Paid', totals.costNanoUsd, `${plural(paidCalls, 'call')} not simulated`],
    ['Held', totals.heldNanoUsd, 'quotes of calls under way'],
    ['In doubt', totals.inDoubtNanoUsd, 'of what is held'],
    [
      'Avoided',
      totals.avoidedNanoUsd === '0' ? totals.avoidedShadowNanoUsd : totals.avoidedNanoUsd,
      totals.avoidedNanoUsd === '0' ? 'at real prices' : 'was there already',
    ],
    ['Would have cost', totals.shadowNanoUsd, 'all of it, at the real services'],
  ] as const
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} spacing="sm">
      {tiles.map(([label, amount, note]) => (
        <Stat key={label} label={label} value={<span title={usd(amount)}>{usdShort(amount)}</span>} note={note} />
      ))}
    </SimpleGrid>
  )
}
