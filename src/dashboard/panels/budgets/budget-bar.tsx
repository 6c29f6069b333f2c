import { shareOf } from '../../shared/money.ts'
import type { Budget } from './budget.ts'
import styles from './budgets.module.css'

/** Spent and held of a cap, with the thresholds of its alerts. */
export function BudgetBar({
  budget: { budgetId, capNanoUsd, spentNanoUsd, heldNanoUsd, alertPercents },
}: {
  budget: Budget
}) {
  const spent = Math.min(100, shareOf(spentNanoUsd, capNanoUsd))
  const held = Math.min(100 - spent, shareOf(heldNanoUsd, capNanoUsd))
  const about = `${budgetId}: ${spent} % spent, ${held} % held`
  return (
    <div className={styles.place}>
      <div className={styles.bar} role="img" aria-label={about} title={about}>
        <span className={spent + held >= 95 ? styles.full : styles.spent} style={{ width: `${spent}%` }} />
        <span className={styles.held} style={{ width: `${held}%` }} />
      </div>
      {alertPercents
        .filter(percent => percent < 100)
        .map(percent => (
          <span key={percent} className={styles.tick} style={{ left: `${percent}%` }} title={`Alert at ${percent} %`}>
            {percent}
          </span>
        ))}
    </div>
  )
}
