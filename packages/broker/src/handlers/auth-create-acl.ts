// SPDX-License-Identifier: Apache-2.0
// AUTH_CREATE_ACL: adds policies of a user, or replaces those for the same resources.
import { handle, refuse, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { authCreateAcl } from '@rocketmq-ts/remoting/requests'
import { changeAuth, EMPTY_ACL } from '../auth/auth-admin.ts'
import { aclInfoIn } from '../auth/auth-bodies.ts'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.createAcl */
export function onAuthCreateAcl(broker: BrokerContext): Handler {
  return handle(authCreateAcl, (call) => {
    const { subject } = call.request
    const info = aclInfoIn(call.body)
    if (info?.policies === undefined || info.policies.length === 0) {
      return refuse(ResponseCode.SYSTEM_ERROR, EMPTY_ACL)
    }
    return changeAuth(broker, call, {
      event: 'create acl',
      subject: info.subject ?? subject,
      run: (metadata) => metadata.putAcl(info, subject),
    })
  })
}
