/**
 * Why a task in a child process failed. `thrown`: the task itself threw, the child lives on. `output`: the result was
 * larger than allowed. In all other cases the child was killed or died; the next task gets a new one.
 */
export type ChildFailureKind = 'timeout' | 'memory' | 'crash' | 'output' | 'aborted' | 'thrown' | 'closed'

export class ChildFailure extends Error {
  readonly kind: ChildFailureKind

  constructor(kind: ChildFailureKind, message: string) {
    super(message)
    this.name = 'ChildFailure'
    this.kind = kind
  }
}
