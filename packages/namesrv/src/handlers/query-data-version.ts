// SPDX-License-Identifier: Apache-2.0
// QUERY_DATA_VERSION: a broker asks whether it has to register again; to ask is also to live.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { decodeDataVersion, encodeDataVersion } from '@rocketmq-ts/remoting/bodies'
import { queryDataVersion } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onQueryDataVersion(context: NameServerContext): Handler {
  const { clock, routes } = context
  return handle(queryDataVersion, ({ body, request: { brokerAddr, clusterName } }) => {
    const broker = { brokerAddr, clusterName }
    const changed = routes.isChanged(
      broker,
      body.length === 0 ? undefined : decodeDataVersion(body),
    )
    routes.heard(broker, clock.monotonicMs())
    const known = routes.dataVersionOf(broker)
    return reply({ changed }, known === undefined ? {} : { body: [encodeDataVersion(known)] })
  })
}
