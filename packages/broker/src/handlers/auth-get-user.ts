// SPDX-License-Identifier: Apache-2.0
// AUTH_GET_USER: tells a user, with the password as Java does.
import { systemError, userInfoOf } from '@rocketmq-ts/acl'
import { handle, type Handler } from '@rocketmq-ts/remoting'
import { encodeUserInfo } from '@rocketmq-ts/remoting/bodies'
import { authGetUser } from '@rocketmq-ts/remoting/requests'
import { blankUsername, done } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** No body when there is no such user. @see AdminBrokerProcessor.getUser */
export function onAuthGetUser(broker: BrokerContext): Handler {
  return handle(authGetUser, ({ request: { username = '' } }) => {
    if (username.trim() === '') return blankUsername()
    const { metadata } = broker.access
    if (metadata === undefined) return systemError()
    const user = metadata.find(username)
    return user === undefined ? done() : done(encodeUserInfo(userInfoOf(user)))
  })
}
