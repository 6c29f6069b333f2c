/** A child whose counting never ends. */
import { serveTasks } from '../../../platform/child-tasks.ts'

serveTasks({
  async countPages() {
    for (;;);
  },
})
