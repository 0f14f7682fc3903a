// SPDX-License-Identifier: Apache-2.0
// Producer to broker, oneway: commit or roll back a half message; commitOrRollback is 8 or 12, or 0 when still unknown.
import {
  absentAs,
  boolean,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What END_TRANSACTION asks. Source: RequestCode.END_TRANSACTION, EndTransactionRequestHeader. */
export interface EndTransactionRequest {
  readonly topic: string | undefined
  readonly producerGroup: string
  readonly tranStateTableOffset: number
  readonly commitLogOffset: number
  readonly commitOrRollback: number
  readonly fromTransactionCheck: boolean
  readonly msgId: string
  readonly transactionId: string | undefined
}

/** Producer to broker, oneway: commit or roll back a half message; commitOrRollback is 8 or 12, or 0 when still unknown. Source: RequestCode.END_TRANSACTION, EndTransactionRequestHeader. */
export const endTransaction: RequestType<EndTransactionRequest, NoFields> = {
  code: 37,
  name: 'END_TRANSACTION',
  inherits: 'RpcRequestHeader',
  request: {
    topic: optional(string('topic')),
    producerGroup: string('producerGroup'),
    tranStateTableOffset: offset('tranStateTableOffset'),
    commitLogOffset: offset('commitLogOffset'),
    commitOrRollback: int32('commitOrRollback'),
    fromTransactionCheck: absentAs(boolean('fromTransactionCheck'), false),
    msgId: string('msgId'),
    transactionId: optional(string('transactionId')),
  },
  response: noFields,
}
