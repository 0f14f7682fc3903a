// SPDX-License-Identifier: Apache-2.0
// Admin calls about messages: look one up by where it is stored.
import { addressText } from '@rocketmq-ts/remoting'
import { decodeMessage, decodeMessageId, type MessageExt } from '@rocketmq-ts/remoting/message'
import * as requests from '@rocketmq-ts/remoting/requests'
import { invalid } from '../settings.ts'
import type { AdminCallOptions, AdminSession } from './session.ts'

/** Reads the message from the broker its id names. @throws RMQ_INVALID_ARGUMENT when the id is not one */
export async function viewMessage(
  session: AdminSession,
  topic: string | undefined,
  offsetMsgId: string,
  options?: AdminCallOptions,
): Promise<MessageExt> {
  const { storeHost, commitLogOffset } = located(offsetMsgId)
  const header = { topic, offset: commitLogOffset }
  const address = addressText(storeHost)
  return session.body(
    address,
    requests.viewMessageById,
    header,
    (bytes) => decodeMessage(bytes),
    options,
  )
}

function located(offsetMsgId: string): ReturnType<typeof decodeMessageId> {
  try {
    return decodeMessageId(offsetMsgId)
  } catch {
    throw invalid(`${offsetMsgId} is not the id of a stored message: 32 or 56 hexadecimal digits`)
  }
}
