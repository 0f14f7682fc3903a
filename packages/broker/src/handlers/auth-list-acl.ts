// SPDX-License-Identifier: Apache-2.0
// AUTH_LIST_ACL: tells the policies of subjects that contain a text, for resources that contain another.
import { aclInfoOf, systemError } from '@rocketmq-ts/acl'
import { handle, type Handler } from '@rocketmq-ts/remoting'
import { encodeAclInfoList } from '@rocketmq-ts/remoting/bodies'
import { authListAcl } from '@rocketmq-ts/remoting/requests'
import { done } from '../auth/auth-admin.ts'
import type { BrokerContext } from '../context.ts'

/** No body when there are none. @see AdminBrokerProcessor.listAcl */
export function onAuthListAcl(broker: BrokerContext): Handler {
  return handle(authListAcl, ({ request: { subjectFilter, resourceFilter } }) => {
    const acls = broker.access.metadata?.listAcls(subjectFilter, resourceFilter)
    if (acls === undefined) return systemError()
    return acls.length === 0 ? done() : done(encodeAclInfoList(acls.map(aclInfoOf)))
  })
}
