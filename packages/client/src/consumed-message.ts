// SPDX-License-Identifier: Apache-2.0
// The message a consumer hands out: the stored one, with the topic users know and bytes of its own.
import { keysOf, MessageProperty, tagsOf, type MessageExt } from '@rocketmq-ts/remoting/message'
import type { MessageQueue } from './message-queue.ts'
import { RETRY_TOPIC_PREFIX } from './names.ts'

/** A received message. */
export interface ConsumedMessage extends MessageExt {
  /** The topic it was sent to, also when it comes back for another try. */
  readonly topic: string
  /** A copy of its own, restored when it was compressed. `body.toString()` reads it as UTF-8. */
  readonly body: Buffer
  readonly tags: string | undefined
  readonly keys: readonly string[]
  readonly brokerName: string
}

/** Copies the body out of the received bytes, which the message would otherwise keep in memory as a whole. */
export function consumedMessageOf(stored: MessageExt, queue: MessageQueue): ConsumedMessage {
  const retried = stored.topic.startsWith(RETRY_TOPIC_PREFIX)
  return {
    topic: (retried ? stored.properties[MessageProperty.RETRY_TOPIC] : undefined) ?? stored.topic,
    body: Buffer.from(stored.body),
    properties: stored.properties,
    tags: tagsOf(stored),
    keys: keysOf(stored),
    flag: stored.flag,
    sysFlag: stored.sysFlag,
    brokerName: queue.brokerName,
    queueId: stored.queueId,
    queueOffset: stored.queueOffset,
    commitLogOffset: stored.commitLogOffset,
    bornTimestamp: stored.bornTimestamp,
    bornHost: stored.bornHost,
    storeTimestamp: stored.storeTimestamp,
    storeHost: stored.storeHost,
    reconsumeTimes: stored.reconsumeTimes,
    preparedTransactionOffset: stored.preparedTransactionOffset,
    storeSize: stored.storeSize,
    bodyCrc: stored.bodyCrc,
    offsetMsgId: stored.offsetMsgId,
    msgId: stored.msgId,
  }
}
