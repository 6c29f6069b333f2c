/** The child module of the parser's tests: the real tasks. */
import { serveTasks } from '../../../platform/child-tasks.ts'
import { localParserTasks } from '../tasks.ts'

serveTasks(localParserTasks)
