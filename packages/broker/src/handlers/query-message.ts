// SPDX-License-Identifier: Apache-2.0
// QUERY_MESSAGE: stored records by key, unique key or tag, within a range of store times.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { queryMessage } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** Set by clients that look for a unique key. (Java: MixAll.UNIQUE_MSG_QUERY_FLAG) */
const UNIQUE_KEY_QUERY = '_UNIQUE_KEY_QUERY'

/** Records are found by the hash of the key: clients leave out those of other keys. @see QueryMessageProcessor.queryMessage */
export function onQueryMessage(broker: BrokerContext): Handler {
  return handle(queryMessage, async ({ request, ext }) => {
    const { topic, key, maxNum, beginTimestamp, endTimestamp, indexType } = request
    const isUnique = ext(UNIQUE_KEY_QUERY)?.toLowerCase() === 'true'
    const maxCount = isUnique ? broker.settings.current.uniqueKeyQueryCount : maxNum
    if (maxCount < 0) {
      const remark = `java.lang.IllegalArgumentException: Illegal Capacity: ${maxCount}`
      return refuse(ResponseCode.SYSTEM_ERROR, remark)
    }
    const found = await broker.store.queryByKey({
      topic,
      key,
      indexType: isUnique ? 'U' : indexType,
      maxCount,
      beginMs: Number(beginTimestamp),
      endMs: Number(endTimestamp),
    })
    const header = {
      indexLastUpdateTimestamp: found.indexLastUpdateTimestampMs,
      indexLastUpdatePhyoffset: found.indexLastUpdateOffset,
    }
    if (found.records.length > 0) return reply(header, { body: found.records })
    return reply(header, {
      code: ResponseCode.QUERY_NOT_FOUND,
      remark: 'can not find message, maybe time range not correct',
    })
  })
}
