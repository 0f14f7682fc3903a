// SPDX-License-Identifier: Apache-2.0
// PULL_MESSAGE and LITE_PULL_MESSAGE: messages of one queue, now or when they come.
import {
  handleHot,
  slotsOf,
  type FieldView,
  type Handler,
  type HotCall,
} from '@rocketmq-ts/remoting'
import {
  litePullMessage,
  pullMessage,
  type PullMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { fieldOrAbsent, required } from '../field-or-absent.ts'
import { InternedText } from '../interned-text.ts'
import { checkPull } from '../pull/check-pull.ts'
import { PullFlag } from '../pull/pull-flag.ts'
import { Pull } from '../pull/pull.ts'

type Call = HotCall<PullMessageResponse>

const slots = slotsOf(pullMessage.request)

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
  const group = required(texts.of(fields, slots.consumerGroup), 'consumerGroup')
  const topic = required(texts.of(fields, slots.topic), 'topic')
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
    subVersion: carriesSubscription
      ? 0n
      : (fieldOrAbsent(() => fields.long(slots.subVersion)) ?? 0n),
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
    queueOffset: clampedOffset(fields, slots.queueOffset),
    maxCount: Math.max(1, fields.int32(slots.maxMsgNums)),
    commitOffset:
      isSet(sysFlag, PullFlag.COMMIT_OFFSET) && fields.has(slots.commitOffset)
        ? fields.offset(slots.commitOffset)
        : undefined,
    suspendMs:
      isSet(sysFlag, PullFlag.SUSPEND) && fields.has(slots.suspendTimeoutMillis)
        ? Math.max(0, fields.offset(slots.suspendTimeoutMillis))
        : undefined,
  }
  new Pull(broker, call, request, permit).start()
}

/** An offset beyond what a number holds is beyond every queue as well. */
function clampedOffset(fields: FieldView, slot: number): number {
  const offset = fieldOrAbsent(() => fields.offset(slot))
  if (offset !== undefined) return offset
  const value = fields.long(slot)
  return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
}

function isSet(sysFlag: number, flag: PullFlag): boolean {
  return (sysFlag & flag) !== 0
}
