// SPDX-License-Identifier: Apache-2.0
// What a send gives back, and how the broker's code reads as a status.
import { ResponseCode } from '@rocketmq-ts/remoting'
import type { SendMessageResponse } from '@rocketmq-ts/remoting/requests'
import type { MessageQueue } from './message-queue.ts'

/** SEND_OK, or stored here but not as safely as the broker is configured for. */
export type SendStatus =
  'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE'

/** Source: SendResult. */
export interface SendResult {
  readonly status: SendStatus
  /** The id this client made (UNIQ_KEY); of a batch, the ids of its messages joined by commas. */
  readonly msgId: string
  /** The broker's id: store host and commit log offset. Of a batch, joined by commas. */
  readonly offsetMsgId: string
  readonly queue: MessageQueue
  /** Of a batch, the offset of its first message. */
  readonly queueOffset: number
  readonly transactionId: string | undefined
  /** With what a delayed message can be recalled. */
  readonly recallHandle: string | undefined
  readonly regionId: string
  readonly traceOn: boolean
}

/** The status a response code stands for, or undefined when it is a refusal. */
export function sendStatusOf(code: number): SendStatus | undefined {
  switch (code) {
    case ResponseCode.SUCCESS:
      return 'SEND_OK'
    case ResponseCode.FLUSH_DISK_TIMEOUT:
      return 'FLUSH_DISK_TIMEOUT'
    case ResponseCode.FLUSH_SLAVE_TIMEOUT:
      return 'FLUSH_SLAVE_TIMEOUT'
    case ResponseCode.SLAVE_NOT_AVAILABLE:
      return 'SLAVE_NOT_AVAILABLE'
    default:
      return undefined
  }
}

/** Source: MQClientAPIImpl.processSendResponse. */
export function sendResultOf(
  status: SendStatus,
  msgId: string,
  asked: MessageQueue,
  answer: SendMessageResponse,
): SendResult {
  return {
    status,
    msgId,
    offsetMsgId: answer.msgId,
    // The broker may have put the message into another queue than it was asked to.
    queue: answer.queueId === asked.queueId ? asked : { ...asked, queueId: answer.queueId },
    queueOffset: answer.queueOffset,
    transactionId: answer.transactionId,
    recallHandle: answer.recallHandle,
    regionId: answer.MSG_REGION ?? 'DefaultRegion',
    traceOn: answer.TRACE_ON !== 'false',
  }
}
