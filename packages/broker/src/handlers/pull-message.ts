// SPDX-License-Identifier: Apache-2.0
// PULL_MESSAGE and LITE_PULL_MESSAGE: messages of one queue, now or when they come.
import { handleHot, slotsOf, type Handler, type HotCall } from '@rocketmq-ts/remoting'
import {
  litePullMessage,
  pullMessage,
  type PullMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { InternedText } from '../interned-text.ts'
import { checkPull } from '../pull/check-pull.ts'
import { PullFlag } from '../pull/pull-flag.ts'
import { Pull } from '../pull/pull.ts'

type Call = HotCall<PullMessageResponse>

const slots = slotsOf(pullMessage.request)
/** @see MessageStore.MAX_PULL_MSG_SIZE */
const MAX_PULL_BYTES = 128 * 1024 * 1024

/** Both codes; they differ in one permission. */
export function onPullMessage(broker: BrokerContext): readonly Handler[] {
  const texts = new InternedText()
  return [
    handleHot(pullMessage, (call: Call) => pull(broker, texts, call, false)),
    handleHot(litePullMessage, (call: Call) => pull(broker, texts, call, true)),
  ]
}

function pull(broker: BrokerContext, texts: InternedText, call: Call, isLite: boolean): void {
  const { fields } = call
  const group = texts.of(fields, slots.consumerGroup) ?? ''
  const topic = texts.of(fields, slots.topic) ?? ''
  const queueId = fields.int32(slots.queueId)
  const sysFlag = fields.int32(slots.sysFlag)
  const carriesSubscription = isSet(sysFlag, PullFlag.SUBSCRIPTION)
  const permit = checkPull(broker, {
    group,
    topic,
    queueId,
    isLite,
    expression: carriesSubscription
      ? { type: fields.string(slots.expressionType), text: fields.string(slots.subscription) }
      : undefined,
    subVersion: carriesSubscription ? 0n : fields.long(slots.subVersion),
    peer: call.connection.remoteAddress,
  })
  if (permit.kind === 'refusal') {
    const header = { forbiddenType: permit.forbiddenType } as PullMessageResponse
    call.reply(header, undefined, { code: permit.code, remark: permit.remark })
    return
  }
  const request = {
    group,
    topic,
    queueId,
    queueOffset: fields.offset(slots.queueOffset),
    maxCount: Math.max(1, fields.int32(slots.maxMsgNums)),
    maxBytes: fields.has(slots.maxMsgBytes)
      ? Math.min(Math.max(0, fields.int32(slots.maxMsgBytes)), MAX_PULL_BYTES)
      : MAX_PULL_BYTES,
    commitOffset: isSet(sysFlag, PullFlag.COMMIT_OFFSET)
      ? fields.offset(slots.commitOffset)
      : undefined,
    suspendMs: isSet(sysFlag, PullFlag.SUSPEND) ? fields.offset(slots.suspendTimeoutMillis) : 0,
  }
  new Pull(broker, call, request, permit).start()
}

function isSet(sysFlag: number, flag: PullFlag): boolean {
  return (sysFlag & flag) !== 0
}
