// SPDX-License-Identifier: Apache-2.0
// AUTH_UPDATE_USER: changes a user's password, type or status.
import { handle, refuse, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { authUpdateUser } from '@rocketmq-ts/remoting/requests'
import { badBody, blankUsername, changeAuth, superUserFault } from '../auth/auth-admin.ts'
import { userInfoIn } from '../auth/auth-bodies.ts'
import type { BrokerContext } from '../context.ts'

/** Neither may anyone but a super user make one, nor change one. @see AdminBrokerProcessor.updateUser */
export function onAuthUpdateUser(broker: BrokerContext): Handler {
  return handle(authUpdateUser, (call) => {
    const { username = '' } = call.request
    if (username === '') return blankUsername()
    const info = userInfoIn(call.body)
    if (info === undefined) return badBody('a user')
    const run: Parameters<typeof changeAuth>[2]['run'] = (metadata) => {
      if (info.userType?.toLowerCase() === 'super') {
        const fault = superUserFault(metadata, call, 'update')
        if (fault !== undefined) return refuse(ResponseCode.SYSTEM_ERROR, fault)
      }
      if (metadata.find(username)?.userType === 'Super') {
        const fault = superUserFault(metadata, call, 'update')
        if (fault !== undefined) return refuse(ResponseCode.NO_PERMISSION, fault)
      }
      return metadata.updateUser({ ...info, username })
    }
    return changeAuth(broker, call, { event: 'update user', subject: username, run })
  })
}
