// SPDX-License-Identifier: Apache-2.0
// GET_KV_CONFIG: reads a value of the key-value table.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { getKvConfig } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetKvConfig(context: NameServerContext): Handler {
  const { kvConfig } = context
  return handle(getKvConfig, ({ request: { namespace, key } }) => {
    const value = kvConfig.get(namespace, key)
    if (value !== undefined) return reply({ value })
    const remark = `No config item, Namespace: ${namespace} Key: ${key}`
    return refuse(ResponseCode.QUERY_NOT_FOUND, remark)
  })
}
