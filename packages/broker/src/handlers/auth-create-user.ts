// SPDX-License-Identifier: Apache-2.0
// AUTH_CREATE_USER: adds a user.
import { handle, refuse, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { authCreateUser } from '@rocketmq-ts/remoting/requests'
import { badBody, blankUsername, changeAuth, superUserFault } from '../auth/auth-admin.ts'
import { userInfoIn } from '../auth/auth-bodies.ts'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.createUser */
export function onAuthCreateUser(broker: BrokerContext): Handler {
  return handle(authCreateUser, (call) => {
    const { username = '' } = call.request
    if (username === '') return blankUsername()
    const info = userInfoIn(call.body)
    if (info === undefined) return badBody('a user')
    const run: Parameters<typeof changeAuth>[2]['run'] = (metadata) => {
      if (info.userType?.toLowerCase() === 'super') {
        const fault = superUserFault(metadata, call, 'create')
        if (fault !== undefined) return refuse(ResponseCode.SYSTEM_ERROR, fault)
      }
      return metadata.createUser({ ...info, username })
    }
    return changeAuth(broker, call, { event: 'create user', subject: username, run })
  })
}
