// SPDX-License-Identifier: Apache-2.0
// Messages that do not simply go to their topic: delayed, dead letters, half messages, timed ones.
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import type { Properties } from '@rocketmq-ts/remoting/message'
import type { MessageToStore } from '@rocketmq-ts/store'
import type { BrokerContext } from '../context.ts'
import { SCHEDULE_TOPIC } from '../topic-names.ts'
import { putRefusal } from './put-refusal.ts'
import type { StoredProperties } from './stored-properties.ts'

/**
 * Changes topic, queue and properties of a message as its properties ask.
 * @param deadLetterTopic where the message goes when it was tried too often; no delay then.
 */
export function routeSpecial(
  broker: BrokerContext,
  message: MessageToStore,
  stored: StoredProperties,
  deadLetterTopic: string | undefined,
): Refusal | undefined {
  const { ip, maxMessageBytes } = broker.settings.current
  const properties = stored.decoded()
  const level = delayLevelOf(properties)
  if (typeof level === 'object') return level
  if (stored.isHalfMessage && !(message.reconsumeTimes > 0 && level > 0)) {
    return refuse(
      ResponseCode.NO_PERMISSION,
      `the broker[${ip}] sending transaction message is forbidden`,
    )
  }
  if (stored.isTimed) {
    return refuse(
      ResponseCode.SYSTEM_ERROR,
      'accurate timer message is not enabled, timerWheelEnable is false',
    )
  }
  if (deadLetterTopic !== undefined) {
    message.topic = deadLetterTopic
    message.queueId = 0
    properties['DELAY'] = '-1'
  } else if (level > 0) {
    schedule(message, properties, Math.min(level, broker.delays.maxLevel))
  }
  return stored.replace(properties)
    ? undefined
    : putRefusal('PROPERTIES_SIZE_EXCEEDED', maxMessageBytes)
}

/** Turns a message into one of the schedule topic. @see ScheduleMessageService, HookUtils.transformDelayLevelMessage */
export function schedule(message: MessageToStore, properties: Properties, level: number): void {
  properties['DELAY'] = String(level)
  properties['REAL_TOPIC'] = message.topic
  properties['REAL_QID'] = String(message.queueId)
  message.topic = SCHEDULE_TOPIC
  message.queueId = level - 1
}

/** The level asked for, 0 without one. */
function delayLevelOf(properties: Readonly<Properties>): number | Refusal {
  const text = properties['DELAY']
  if (text === undefined) return 0
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text)
  return refuse(
    ResponseCode.SYSTEM_ERROR,
    `java.lang.NumberFormatException: For input string: "${text}"`,
  )
}
