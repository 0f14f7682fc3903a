// SPDX-License-Identifier: Apache-2.0
// Which codes the fast port serves: all but those that wait for messages. @see BrokerController.initializeFastRemotingServer
import type { Handler } from '@rocketmq-ts/remoting'
import { litePullMessage, pullMessage } from '@rocketmq-ts/remoting/requests'

/** The fast port is this far below the main one. */
export const FAST_PORT_DISTANCE = 2

const mainPortOnly: ReadonlySet<number> = new Set([pullMessage.code, litePullMessage.code])

export function fastPortHandlers(handlers: readonly Handler[]): readonly Handler[] {
  return handlers.filter(({ type }) => !mainPortOnly.has(type.code))
}
