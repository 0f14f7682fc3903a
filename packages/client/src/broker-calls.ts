// SPDX-License-Identifier: Apache-2.0
// The requests that consumers and the admin client both make of a broker, each as one typed call.
import {
  expectSuccess,
  ResponseCode,
  type RemotingClient,
  type RequestOptions,
} from '@rocketmq-ts/remoting'
import { decodeGetConsumerListBody } from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { successBody } from './answers.ts'
import type { MessageQueue } from './message-queue.ts'

/** How long to wait, and what ends the wait. */
export type CallOptions = Pick<RequestOptions, 'timeoutMs' | 'signal'>

/** The offset the group stored for the queue; undefined when it never stored one. */
export async function queryConsumerOffset(
  remoting: RemotingClient,
  address: string,
  asked: { readonly consumerGroup: string; readonly queue: MessageQueue },
  options: CallOptions,
): Promise<number | undefined> {
  const { topic, queueId } = asked.queue
  const response = await remoting.request(
    address,
    requests.queryConsumerOffset,
    { consumerGroup: asked.consumerGroup, topic, queueId, setZeroIfNotFound: undefined },
    options,
  )
  if (response.code === ResponseCode.QUERY_NOT_FOUND) return undefined
  return expectSuccess(response, address).header().offset
}

/** Stores the group's offset for the queue. Oneway gives no word of success. */
export async function updateConsumerOffset(
  remoting: RemotingClient,
  address: string,
  asked: {
    readonly consumerGroup: string
    readonly queue: MessageQueue
    readonly commitOffset: number
  },
  options: CallOptions & { readonly oneway: boolean },
): Promise<void> {
  const { topic, queueId } = asked.queue
  const { consumerGroup, commitOffset } = asked
  const header = { consumerGroup, topic, queueId, commitOffset }
  const { oneway, ...rest } = options
  if (oneway) return remoting.oneway(address, requests.updateConsumerOffset, header)
  const response = await remoting.request(address, requests.updateConsumerOffset, header, rest)
  expectSuccess(response, address)
}

/** One past the newest message of the queue. */
export async function maxOffset(
  remoting: RemotingClient,
  address: string,
  queue: MessageQueue,
  options: CallOptions,
): Promise<number> {
  const { topic, queueId } = queue
  const header = { topic, queueId, committed: true }
  const response = await remoting.request(address, requests.getMaxOffset, header, options)
  return expectSuccess(response, address).header().offset
}

/** The oldest message of the queue that is still stored. */
export async function minOffset(
  remoting: RemotingClient,
  address: string,
  queue: MessageQueue,
  options: CallOptions,
): Promise<number> {
  const { topic, queueId } = queue
  const response = await remoting.request(
    address,
    requests.getMinOffset,
    { topic, queueId },
    options,
  )
  return expectSuccess(response, address).header().offset
}

/** The first offset whose message was stored at or after a wall time. */
export async function searchOffset(
  remoting: RemotingClient,
  address: string,
  asked: {
    readonly queue: MessageQueue
    readonly timestampMs: number
    readonly boundary?: 'LOWER' | 'UPPER'
  },
  options: CallOptions,
): Promise<number> {
  const { topic, queueId } = asked.queue
  const header = {
    topic,
    queueId,
    timestamp: BigInt(asked.timestampMs),
    boundaryType: asked.boundary ?? 'LOWER',
    liteTopic: undefined,
  }
  const response = await remoting.request(
    address,
    requests.searchOffsetByTimestamp,
    header,
    options,
  )
  return expectSuccess(response, address).header().offset
}

/** The client ids of a group's members as this broker knows them; empty when it knows none. */
export async function consumerIds(
  remoting: RemotingClient,
  address: string,
  consumerGroup: string,
  options: CallOptions,
): Promise<readonly string[]> {
  const response = await remoting.request(
    address,
    requests.getConsumerListByGroup,
    { consumerGroup },
    options,
  )
  return successBody(response, address, decodeGetConsumerListBody).consumerIdList
}
