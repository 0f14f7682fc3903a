// SPDX-License-Identifier: Apache-2.0
// Send the reply to a request message; the broker hands it to the requester. Two codes with one meaning.
import { spelled, type RequestType } from '../protocol/schema.ts'
import {
  sendMessage,
  sendMessageV2ShortNames,
  type SendMessageRequest,
  type SendMessageResponse,
} from './send-message.ts'

/** Send the reply to a request message; the broker hands it to the requester. Source: RequestCode.SEND_REPLY_MESSAGE, SendMessageRequestHeader. */
export const sendReplyMessage: RequestType<SendMessageRequest, SendMessageResponse> = {
  ...sendMessage,
  code: 324,
  name: 'SEND_REPLY_MESSAGE',
}

/** The same with one-letter field names. Source: RequestCode.SEND_REPLY_MESSAGE_V2, SendMessageRequestHeaderV2. */
export const sendReplyMessageV2: RequestType<SendMessageRequest, SendMessageResponse> = spelled(
  sendMessage,
  325,
  'SEND_REPLY_MESSAGE_V2',
  sendMessageV2ShortNames,
)
