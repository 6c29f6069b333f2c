export type Fault = 'input' | 'provider' | 'system'

/** The HTTP status that a failure becomes, whether trying again can help, whose fault it is, and what to do next. */
export type FailureFacts = readonly [status: number, retryable: boolean, fault: Fault, action: string]
