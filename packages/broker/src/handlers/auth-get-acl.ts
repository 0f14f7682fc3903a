// SPDX-License-Identifier: Apache-2.0
// AUTH_GET_ACL: tells a user's policies.
import { aclInfoOf, systemError } from '@rocketmq-ts/acl'
import { handle, type Handler } from '@rocketmq-ts/remoting'
import { encodeAclInfo } from '@rocketmq-ts/remoting/bodies'
import { authGetAcl } from '@rocketmq-ts/remoting/requests'
import { done } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** No body when the user has none. @see AdminBrokerProcessor.getAcl */
export function onAuthGetAcl(broker: BrokerContext): Handler {
  return handle(authGetAcl, ({ request: { subject } }) => {
    const { metadata } = broker.access
    if (metadata === undefined) return systemError()
    const acl = metadata.getAcl(subject)
    if (acl === undefined) return done()
    return 'kind' in acl ? acl : done(encodeAclInfo(aclInfoOf(acl)))
  })
}
