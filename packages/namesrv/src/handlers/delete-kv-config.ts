// SPDX-License-Identifier: Apache-2.0
// DELETE_KV_CONFIG: removes a value of the key-value table.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { deleteKvConfig } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onDeleteKvConfig(context: NameServerContext): Handler {
  const { kvConfig } = context
  return handle(deleteKvConfig, ({ request }) => {
    kvConfig.delete(request.namespace, request.key)
    return reply({})
  })
}
