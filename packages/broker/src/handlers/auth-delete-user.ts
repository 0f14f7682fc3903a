// SPDX-License-Identifier: Apache-2.0
// AUTH_DELETE_USER: deletes a user with its policies.
import { handle, refuse, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { authDeleteUser } from '@rocketmq-ts/remoting/requests'
import { changeAuth, superUserFault } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** A user that is not there is deleted already. @see AdminBrokerProcessor.deleteUser */
export function onAuthDeleteUser(broker: BrokerContext): Handler {
  return handle(authDeleteUser, (call) => {
    const { username = '' } = call.request
    const run: Parameters<typeof changeAuth>[2]['run'] = (metadata) => {
      if (metadata.find(username)?.userType === 'Super') {
        const fault = superUserFault(metadata, call, 'update')
        if (fault !== undefined) return refuse(ResponseCode.NO_PERMISSION, fault)
      }
      return metadata.deleteUser(username)
    }
    return changeAuth(broker, call, { event: 'delete user', subject: username, run })
  })
}
