// SPDX-License-Identifier: Apache-2.0
// AUTH_DELETE_ACL: deletes a user's policies, or the entry for one resource.
import { handle, type Handler } from '@rocketmq-ts/remoting'
import { authDeleteAcl } from '@rocketmq-ts/remoting/requests'
import { changeAuth } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.deleteAcl */
export function onAuthDeleteAcl(broker: BrokerContext): Handler {
  return handle(authDeleteAcl, (call) => {
    const { subject, policyType, resource } = call.request
    return changeAuth(broker, call, {
      event: 'delete acl',
      subject,
      run: (metadata) => metadata.deleteAcl(subject, policyType, resource),
    })
  })
}
