// SPDX-License-Identifier: Apache-2.0
// AUTH_GET_ACL: tells a user's policies.
import { aclInfoOf, systemError } from '@rocketmq-ts/acl'
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeAclInfo } from '@rocketmq-ts/remoting/bodies'
import { authGetAcl } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** No body when the user has none. @see AdminBrokerProcessor.getAcl */
export function onAuthGetAcl(broker: BrokerContext): Handler {
  return handle(authGetAcl, ({ request: { subject } }) => {
    const { metadata } = broker.access
    if (metadata === undefined) return systemError()
    const acl = metadata.getAcl(subject)
    if (acl === undefined) return reply({})
    return 'kind' in acl ? acl : reply({}, { body: [encodeAclInfo(aclInfoOf(acl))] })
  })
}
