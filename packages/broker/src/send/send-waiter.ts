// SPDX-License-Identifier: Apache-2.0
// An answer that waits until its message is safe: one small reused object per message under way.
import { ResponseCode, type HotCall } from '@rocketmq-ts/remoting'
import type { SendMessageResponse } from '@rocketmq-ts/remoting/requests'
import type { AckWaiter, SafetyStatus } from '@rocketmq-ts/store'
import { putRefusals } from './put-refusal.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What all waiters of a broker share. */
export interface SendWaiterOwner {
  readonly free: SendWaiter[]
  /** Notes that a message was stored. */
  stored(waiter: SendWaiter): void
  /** Notes that an answer could not be written. */
  failed(error: unknown): void
}

/** Most waiters kept for reuse. */
const MAX_FREE = 4096

/** Filled by the send handler, parked in the store, answers, and is free again. */
export class SendWaiter implements AckWaiter {
  readonly #owner: SendWaiterOwner
  /** The response header; its last two fields are the same in every answer. */
  readonly header: Writable<SendMessageResponse> = {
    msgId: '',
    queueId: 0,
    queueOffset: 0,
    transactionId: undefined,
    batchUniqId: undefined,
    recallHandle: undefined,
    MSG_REGION: undefined,
    TRACE_ON: undefined,
  }
  call: HotCall<SendMessageResponse> | undefined
  storeTimestampMs = 0
  storedBytes = 0
  messageCount = 0

  constructor(owner: SendWaiterOwner) {
    this.#owner = owner
  }

  /** Never throws: the store has others to tell. */
  acknowledged(status: SafetyStatus): void {
    const call = this.call
    this.call = undefined
    try {
      if (call !== undefined) this.#answer(call, status)
    } catch (error) {
      this.#owner.failed(error)
    }
    if (this.#owner.free.length < MAX_FREE) this.#owner.free.push(this)
  }

  #answer(call: HotCall<SendMessageResponse>, status: SafetyStatus): void {
    if (status === 'SERVICE_NOT_AVAILABLE') {
      const { code, remark } = putRefusals.SERVICE_NOT_AVAILABLE
      call.refuse(code, remark)
      return
    }
    this.#owner.stored(this)
    if (status === 'PUT_OK') call.reply(this.header)
    else call.reply(this.header, undefined, { code: ResponseCode.FLUSH_DISK_TIMEOUT })
  }
}
