import { z } from 'zod'
import { alertListSchema } from '../../contract/alert.ts'
import {
  alertDeliverySchema,
  createdReceiverSchema,
  type newReceiverSchema,
  type ReceiverChange,
  receiverListSchema,
  sendResultSchema,
} from '../../contract/alert-receiver.ts'
import { type RuleSettings, ruleListSchema } from '../../contract/alert-rule.ts'
import { pageSchema } from '../../contract/paging.ts'
import type { ApiRequest } from './http-request.http.ts'

type Call = <Schema extends z.ZodType>(
  schema: Schema,
  method: ApiRequest['method'],
  path: string,
  rest?: Partial<ApiRequest>,
) => Promise<z.output<Schema>>

const replayedSchema = z.object({ replayed: z.int() })
const deliveryPage = pageSchema(alertDeliverySchema)

/** The calls about alerts and whom they are told. */
export function alertCalls(call: Call) {
  const receiver = (id: string, act = '') => `/v1/alert-receivers/${encodeURIComponent(id)}${act}`
  return {
    alerts: (query: { limit: number; open?: boolean | undefined }) =>
      call(alertListSchema, 'GET', '/v1/alerts', {
        query: { limit: query.limit, ...(query.open && { open: 'true' }) },
      }),
    alertRules: () => call(ruleListSchema, 'GET', '/v1/alert-rules'),
    setAlertRule: (ruleId: string, change: Partial<RuleSettings>) =>
      call(ruleListSchema, 'PUT', `/v1/alert-rules/${encodeURIComponent(ruleId)}`, { json: change }),
    resetAlertRule: (ruleId: string) => call(ruleListSchema, 'DELETE', `/v1/alert-rules/${encodeURIComponent(ruleId)}`),
    alertReceivers: () => call(receiverListSchema, 'GET', '/v1/alert-receivers'),
    createAlertReceiver: (wish: z.input<typeof newReceiverSchema>) =>
      call(createdReceiverSchema, 'POST', '/v1/alert-receivers', { json: wish }),
    changeAlertReceiver: (id: string, change: ReceiverChange) =>
      call(receiverListSchema, 'PATCH', receiver(id), { json: change }),
    removeAlertReceiver: (id: string) => call(receiverListSchema, 'DELETE', receiver(id)),
    renewAlertSecret: (id: string) => call(createdReceiverSchema, 'POST', receiver(id, '/secret')),
    testAlertReceiver: (id: string) => call(sendResultSchema, 'POST', receiver(id, '/test')),
    alertDeliveries: (query: { state?: string | undefined; receiverId?: string | undefined; limit: number }) =>
      call(deliveryPage, 'GET', '/v1/alert-deliveries', { query }),
    replayAlertDelivery: (id: string) =>
      call(replayedSchema, 'POST', `/v1/alert-deliveries/${encodeURIComponent(id)}/replay`),
    replayAlertReceiver: (id: string) => call(replayedSchema, 'POST', receiver(id, '/replay')),
  }
}
