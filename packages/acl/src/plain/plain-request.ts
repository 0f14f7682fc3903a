// SPDX-License-Identifier: Apache-2.0
// What a request needs under access control 1.0. @see PlainAccessValidator.parse
import { decodeHeartbeatData } from '@rocketmq-ts/remoting/bodies'
import { SignatureField } from '../signature.ts'
import { inJavaMapOrder } from './java-map-order.ts'
import { isGroupResource, PUB, retryTopicOf, SUB } from './permission.ts'

/** A request as its rules look at it. */
export interface PlainRequest {
  readonly code: number
  readonly accessKey: string | undefined
  readonly sourceIp: string
  readonly fields: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** Topics, and groups as their retry topics, in the order Java looks at them. */
  readonly needed: ReadonlyMap<string, number>
}

/** What a request brings. */
export type PlainRequestParts = Pick<PlainRequest, 'code' | 'sourceIp' | 'fields' | 'body'>

/** Undefined when a heartbeat cannot be read. */
export function plainRequestOf(parts: PlainRequestParts): PlainRequest | undefined {
  const needed = new Map<string, number>()
  try {
    for (const [resource, permission] of resourcesOf(parts)) {
      if (resource !== undefined) needed.set(resource, permission)
    }
  } catch {
    // Java's text is that of its parser; the caller has one of ours.
    return undefined
  }
  const accessKey = parts.fields.get(SignatureField.ACCESS_KEY)
  return { ...parts, accessKey, needed: inJavaMapOrder(needed) }
}

type Needed = readonly [resource: string | undefined, permission: number]

function resourcesOf({ code, fields, body }: PlainRequestParts): readonly Needed[] {
  const topic = fields.get('topic')
  const consumerGroup = groupOf(fields.get('consumerGroup'))
  // Without any field Java looks no further.
  if (fields.size === 0) return []
  switch (code) {
    case 10:
      return [sendOf(topic, fields.get('group'))]
    case 310:
      return [sendOf(fields.get('b'), fields.get('a'))]
    case 36:
      return [[groupOf(fields.get('group')), SUB]]
    case 11:
    case 15:
      return [
        [topic, SUB],
        [consumerGroup, SUB],
      ]
    case 12:
      return [[topic, SUB]]
    case 34:
      return heartbeatResources(body)
    case 35:
    case 38:
      return [[consumerGroup, SUB]]
    default:
      return []
  }
}

function sendOf(topic: string | undefined, group: string | undefined): Needed {
  return topic !== undefined && isGroupResource(topic) ? [groupOf(group), SUB] : [topic, PUB]
}

function heartbeatResources(body: Uint8Array): readonly Needed[] {
  return decodeHeartbeatData(body).consumerDataSet.flatMap(
    ({ groupName, subscriptionDataSet }): Needed[] => [
      [retryTopicOf(groupName), SUB],
      ...subscriptionDataSet.map(({ topic }): Needed => [topic, SUB]),
    ],
  )
}

function groupOf(group: string | undefined): string | undefined {
  return group === undefined ? undefined : retryTopicOf(group)
}
