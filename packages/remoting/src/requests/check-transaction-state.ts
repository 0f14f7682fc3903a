// SPDX-License-Identifier: Apache-2.0
// Broker to producer: tell the outcome of a half message.
import {
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CHECK_TRANSACTION_STATE asks. Source: RequestCode.CHECK_TRANSACTION_STATE, CheckTransactionStateRequestHeader. */
export interface CheckTransactionStateRequest {
  readonly topic: string | undefined
  readonly tranStateTableOffset: number
  readonly commitLogOffset: number
  readonly msgId: string | undefined
  readonly transactionId: string | undefined
  readonly offsetMsgId: string | undefined
}

/** Broker to producer: tell the outcome of a half message. Source: RequestCode.CHECK_TRANSACTION_STATE, CheckTransactionStateRequestHeader. */
export const checkTransactionState: RequestType<CheckTransactionStateRequest, NoFields> = {
  code: 39,
  name: 'CHECK_TRANSACTION_STATE',
  inherits: 'RpcRequestHeader',
  request: {
    topic: optional(string('topic')),
    tranStateTableOffset: offset('tranStateTableOffset'),
    commitLogOffset: offset('commitLogOffset'),
    msgId: optional(string('msgId')),
    transactionId: optional(string('transactionId')),
    offsetMsgId: optional(string('offsetMsgId')),
  },
  response: noFields,
}
