// SPDX-License-Identifier: Apache-2.0
// AUTH_LIST_USER: tells the users whose name contains a text.
import { systemError, userInfoOf } from '@rocketmq-ts/acl'
import { handle, type Handler } from '@rocketmq-ts/remoting'
import { encodeUserInfoList } from '@rocketmq-ts/remoting/bodies'
import { authListUser } from '@rocketmq-ts/remoting/requests'
import { done } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** No body when there are none. @see AdminBrokerProcessor.listUser */
export function onAuthListUser(broker: BrokerContext): Handler {
  return handle(authListUser, ({ request: { filter } }) => {
    const users = broker.access.metadata?.listUsers(filter)
    if (users === undefined) return systemError()
    return users.length === 0 ? done() : done(encodeUserInfoList(users.map(userInfoOf)))
  })
}
