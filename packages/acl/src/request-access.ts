// SPDX-License-Identifier: Apache-2.0
// What a request needs to be allowed: resources and actions for every request code, in the order Java asks for them.
import { decodeHeartbeatData, decodeLockBatchBody } from '@rocketmq-ts/remoting/bodies'
import type { Action } from './action.ts'
import { annotatedRequests, type AnnotatedRequest } from './annotated-requests.ts'
import type { Access } from './policy.ts'
import { clusterUpdates } from './unmapped-requests.ts'
import { groupResource, isRetryTopic, literal } from './resource.ts'

/** What the mapping looks at. */
export interface AccessRequest {
  readonly code: number
  readonly body: Uint8Array
  ext(name: string): string | undefined
}

const PUB: readonly Action[] = ['Pub']
const SUB: readonly Action[] = ['Sub']
const SUB_GET: readonly Action[] = ['Sub', 'Get']
const UPDATE: readonly Action[] = ['Update']
const SUB_UPDATE: readonly Action[] = ['Sub', 'Update']
const PUB_SUB_GET: readonly Action[] = ['Pub', 'Sub', 'Get']
const NOTHING: readonly Access[] = []

type Mapping = (request: AccessRequest) => readonly Access[]

/** @see DefaultAuthorizationContextBuilder */
const byHand: ReadonlyMap<number, Mapping> = new Map<number, Mapping>([
  [10, ({ ext }) => sendAccess(ext('topic'))],
  [310, ({ ext }) => sendAccess(ext('b'))],
  [320, ({ ext }) => sendAccess(ext('b'))],
  [11, ({ ext }) => pullAccess(ext('topic'), ext('consumerGroup'))],
  [12, ({ ext }) => [onTopic(ext('topic'), SUB_GET)]],
  [14, ({ ext }) => topicAndGroup(ext('topic'), ext('consumerGroup'), SUB_GET)],
  [15, ({ ext }) => topicAndGroup(ext('topic'), ext('consumerGroup'), SUB_UPDATE)],
  [17, createTopicAccess],
  [34, heartbeatAccess],
  [35, ({ ext }) => unlessBlank(ext('consumerGroup'), (group) => onGroup(group, SUB))],
  [36, ({ ext }) => [onGroup(ext('group'), SUB)]],
  [37, ({ ext }) => unlessBlank(ext('topic'), (topic) => onTopic(topic, PUB))],
  [38, ({ ext }) => [onGroup(ext('consumerGroup'), SUB_GET)]],
  [41, lockAccess],
  [42, lockAccess],
  [105, ({ ext }) => routeAccess(ext('topic'))],
  // Java's header begins with an empty cluster name.
  [1002, ({ ext }) => [onCluster(ext('clusterName') ?? '', UPDATE)]],
  // Java maps PULL_MESSAGE only, and lets every user read every topic by this one.
  [361, ({ ext }) => pullAccess(ext('topic'), ext('consumerGroup'))],
  [370, ({ ext }) => [onTopic(ext('topic'), PUB)]],
])

/** True when the mapping knows what a code needs; requests of other codes are asked for nothing but who sends them. */
export function hasAccessRule(code: number): boolean {
  return byHand.has(code) || annotatedRequests.has(code) || clusterUpdates.has(code)
}

/**
 * All that a request needs, each of it; undefined when it cannot be read. Empty: nothing but a known sender.
 * @param clusterName what stands for the cluster where the request names none
 */
export function requestAccess(
  request: AccessRequest,
  clusterName: string,
): readonly Access[] | undefined {
  try {
    if (clusterUpdates.has(request.code)) return [onCluster(clusterName, UPDATE)]
    const mapping = byHand.get(request.code)
    if (mapping !== undefined) return mapping(request)
    const annotated = annotatedRequests.get(request.code)
    return annotated === undefined ? NOTHING : annotatedAccess(annotated, request, clusterName)
  } catch {
    // Whatever is wrong with a body, the sender gets the one text Java has for it.
    return undefined
  }
}

/** A message to a retry topic is a consumer's: it comes back to the group. */
export function sendAccess(topic: string | undefined): readonly Access[] {
  return [isRetryTopic(topic) ? onGroup(topic, SUB) : onTopic(topic, PUB)]
}

/** The topic, unless it is a retry topic, and the group. */
export function pullAccess(
  topic: string | undefined,
  group: string | undefined,
): readonly Access[] {
  return topicAndGroup(topic, group, SUB)
}

function topicAndGroup(
  topic: string | undefined,
  group: string | undefined,
  actions: readonly Action[],
): readonly Access[] {
  const needed = onGroup(group, actions)
  return isRetryTopic(topic) ? [needed] : [onTopic(topic, actions), needed]
}

function routeAccess(topic: string | undefined): readonly Access[] {
  return [isRetryTopic(topic) ? onGroup(topic, SUB_GET) : onTopic(topic, PUB_SUB_GET)]
}

/** Java reads the filter type with the header and fails on what is none. */
function createTopicAccess(request: AccessRequest): readonly Access[] {
  const filterType = request.ext('topicFilterType')
  if (filterType !== 'SINGLE_TAG' && filterType !== 'MULTI_TAG') {
    throw new Error('the topic filter type is missing')
  }
  return annotatedAccess({ actions: ['Create'], fields: [['topic', 'Topic']] }, request, '')
}

function heartbeatAccess({ body }: AccessRequest): readonly Access[] {
  const needed: Access[] = []
  for (const { groupName, subscriptionDataSet } of decodeHeartbeatData(body).consumerDataSet) {
    needed.push(onGroup(groupName, SUB))
    for (const { topic } of subscriptionDataSet) {
      if (!isRetryTopic(topic)) needed.push(onTopic(topic, SUB))
    }
  }
  return needed
}

function lockAccess({ body }: AccessRequest): readonly Access[] {
  const { consumerGroup, mqSet } = decodeLockBatchBody(body)
  const topics = mqSet.filter(({ topic }) => !isRetryTopic(topic))
  return [onGroup(consumerGroup, SUB), ...topics.map(({ topic }) => onTopic(topic, SUB))]
}

function annotatedAccess(
  { actions, fields, cluster }: AnnotatedRequest,
  { ext }: AccessRequest,
  clusterName: string,
): readonly Access[] {
  const needed: Access[] = []
  for (const [field, type, separator] of fields) {
    const value = ext(field)
    if (value === undefined) continue
    const names =
      separator === undefined ? [value] : value.split(separator).filter((name) => name !== '')
    for (const name of names) {
      const resource =
        type === 'Topic' && isRetryTopic(name) ? groupResource(name) : literal(type, name)
      needed.push({ resource, actions })
    }
  }
  return needed.length === 0 && cluster === true
    ? [{ resource: literal('Cluster', clusterName), actions }]
    : needed
}

function onTopic(topic: string | undefined, actions: readonly Action[]): Access {
  return { resource: literal('Topic', topic), actions }
}

function onCluster(cluster: string, actions: readonly Action[]): Access {
  return { resource: literal('Cluster', cluster), actions }
}

function onGroup(group: string | undefined, actions: readonly Action[]): Access {
  return { resource: groupResource(group), actions }
}

function unlessBlank(
  name: string | undefined,
  access: (name: string) => Access,
): readonly Access[] {
  return name === undefined || name.trim() === '' ? NOTHING : [access(name)]
}
