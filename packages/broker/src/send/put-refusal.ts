// SPDX-License-Identifier: Apache-2.0
// What a sender is told when the store does not take its message. @see SendMessageProcessor.handlePutMessageResult
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import { iterateBatch } from '@rocketmq-ts/remoting/message'
import type { PutStatus } from '@rocketmq-ts/store'

type Refused = Exclude<PutStatus, 'PUT_OK'>

/** The refusals whose text never changes. */
export const putRefusals: Readonly<
  Record<'SERVICE_NOT_AVAILABLE' | 'OS_PAGE_CACHE_BUSY', Refusal>
> = {
  SERVICE_NOT_AVAILABLE: refuse(
    ResponseCode.SERVICE_NOT_AVAILABLE,
    "service not available now. It may be caused by one of the following reasons: the broker's disk is full, messages are put to the slave, message store has been shut down, etc.",
  ),
  OS_PAGE_CACHE_BUSY: refuse(
    ResponseCode.SYSTEM_BUSY,
    '[PC_SYNCHRONIZED]broker busy, start flow control for a while',
  ),
}

/** Code and text for a status. */
export function putRefusal(status: Refused, maxMessageBytes: number): Refusal {
  switch (status) {
    case 'SERVICE_NOT_AVAILABLE':
    case 'OS_PAGE_CACHE_BUSY':
      return putRefusals[status]
    case 'MESSAGE_ILLEGAL':
    case 'PROPERTIES_SIZE_EXCEEDED':
      return refuse(
        ResponseCode.MESSAGE_ILLEGAL,
        `the message is illegal, maybe msg body or properties length not matched. msg body length limit ${maxMessageBytes}B, msg properties length limit 32KB.`,
      )
    case 'LMQ_CONSUME_QUEUE_NUM_EXCEEDED':
      return refuse(
        ResponseCode.LMQ_QUOTA_EXCEEDED,
        '[LMQ_CONSUME_QUEUE_NUM_EXCEEDED]lmq consume queue num exceeded.',
      )
  }
}

/** The same for a batch: one that is no batch at all fails in Java before it reaches the store. */
export function batchRefusal(status: Refused, body: Uint8Array, maxMessageBytes: number): Refusal {
  if (status !== 'MESSAGE_ILLEGAL' || body.length > maxMessageBytes) {
    return putRefusal(status, maxMessageBytes)
  }
  try {
    for (const _ of iterateBatch(body));
  } catch (error) {
    return refuse(ResponseCode.SYSTEM_ERROR, `the body is not a batch: ${String(error)}`)
  }
  return putRefusal(status, maxMessageBytes)
}
