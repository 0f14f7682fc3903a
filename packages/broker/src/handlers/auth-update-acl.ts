// SPDX-License-Identifier: Apache-2.0
// AUTH_UPDATE_ACL: adds policies of a user, or replaces those for the same resources.
import { handle, refuse, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { authUpdateAcl } from '@rocketmq-ts/remoting/requests'
import { changeAuth, EMPTY_ACL } from '../auth/auth-admin.ts'
import { aclInfoIn } from '../auth/auth-bodies.ts'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.updateAcl */
export function onAuthUpdateAcl(broker: BrokerContext): Handler {
  return handle(authUpdateAcl, (call) => {
    const { subject } = call.request
    const info = aclInfoIn(call.body)
    if (info?.policies === undefined || info.policies.length === 0) {
      return refuse(ResponseCode.SYSTEM_ERROR, EMPTY_ACL)
    }
    return changeAuth(broker, call, {
      event: 'update acl',
      subject: info.subject ?? subject,
      run: (metadata) => metadata.putAcl(info, subject),
    })
  })
}
