// SPDX-License-Identifier: Apache-2.0
// PUT_KV_CONFIG: sets a value of the key-value table.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { putKvConfig } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onPutKvConfig(context: NameServerContext): Handler {
  const { kvConfig } = context
  return handle(putKvConfig, ({ request }) => {
    kvConfig.put(request.namespace, request.key, request.value)
    return reply({})
  })
}
