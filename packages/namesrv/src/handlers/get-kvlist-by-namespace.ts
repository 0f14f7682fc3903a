// SPDX-License-Identifier: Apache-2.0
// GET_KVLIST_BY_NAMESPACE: reads a namespace of the key-value table.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeKvTable } from '@rocketmq-ts/remoting/bodies'
import { getKvlistByNamespace } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetKvlistByNamespace(context: NameServerContext): Handler {
  const { kvConfig } = context
  return handle(getKvlistByNamespace, ({ request: { namespace } }) => {
    const table = kvConfig.list(namespace)
    if (table !== undefined) return reply({}, { body: [encodeKvTable({ table })] })
    return refuse(ResponseCode.QUERY_NOT_FOUND, `No config item, Namespace: ${namespace}`)
  })
}
