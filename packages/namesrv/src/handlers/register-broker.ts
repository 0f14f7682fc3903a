// SPDX-License-Identifier: Apache-2.0
// REGISTER_BROKER: a broker tells where it is and which topics it has.
import { handle, refuse, reply, ResponseCode, type Call, type Handler } from '@rocketmq-ts/remoting'
import {
  decodeRegisterBrokerBody,
  decodeTopicConfigSerializeWrapper,
  encodeKvTable,
  registerBrokerBodyCrc32,
  type DataVersion,
  type TopicConfig,
  type TopicQueueMappingInfoMap,
} from '@rocketmq-ts/remoting/bodies'
import { registerBroker, type RegisterBrokerRequest } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'
import { ORDER_TOPIC_CONFIG } from '../kv-config.ts'
import { ZONE_NAME_FIELD } from '../zone.ts'

/** Brokers before 3.0.11 (its number on the wire) send their topics only. */
const FIRST_VERSION_WITH_FILTER_SERVERS = 37

/**
 * The first byte of a deflated body, which no JSON text begins with. A Java 5.5.0 broker with compressedRegister
 * deflates its body and says compressed=false, so Java's own name server refuses it; we look.
 */
const ZLIB_HEADER = 0x78

export function onRegisterBroker(context: NameServerContext): Handler {
  const { clock, kvConfig, logger, minIdNotice, routes, settings } = context
  return handle(registerBroker, (call) => {
    const { request, connection } = call
    if (!hasItsChecksum(call)) {
      logger.warn({ peer: connection.remoteAddress }, 'registration fails its checksum')
      return refuse(ResponseCode.SYSTEM_ERROR, 'crc32 not match')
    }
    const { brokerAddr, brokerId, brokerName, clusterName, haServerAddr } = request
    const isNew = routes.dataVersionOf(request) === undefined
    const registered = routes.register(
      {
        brokerAddr,
        brokerId,
        brokerName,
        clusterName,
        haServerAddr: haServerAddr ?? '',
        zoneName: call.ext(ZONE_NAME_FIELD),
        heartbeatTimeoutMs: request.heartbeatTimeoutMillis,
        enableActingMaster: request.enableActingMaster,
        connection,
        ...contentOf(call),
      },
      clock.monotonicMs(),
    )
    if (registered === undefined) {
      logger.warn({ brokerAddr, brokerName }, 'one topic of a broker that has not registered')
      return refuse(ResponseCode.SYSTEM_ERROR, 'register broker failed')
    }
    if (isNew) logger.info({ brokerAddr, brokerId, brokerName, clusterName }, 'broker registered')
    minIdNotice.send(registered.minIdChange)
    const { returnOrderTopicConfigToBroker } = settings.current
    const table = returnOrderTopicConfigToBroker && kvConfig.list(ORDER_TOPIC_CONFIG)
    return reply(
      { haServerAddr: registered.haServerAddr, masterAddr: registered.masterAddr },
      table ? { body: [encodeKvTable({ table })] } : {},
    )
  })
}

/** A checksum of 0 means that the broker sent none. */
function hasItsChecksum({ body, request }: Call<RegisterBrokerRequest>): boolean {
  const { bodyCrc32 = 0 } = request
  return bodyCrc32 === 0 || bodyCrc32 === registerBrokerBodyCrc32(body)
}

interface Content {
  readonly dataVersion: DataVersion
  readonly topics: ReadonlyMap<string, TopicConfig>
  readonly mappings?: TopicQueueMappingInfoMap | undefined
  readonly filterServers: readonly string[] | undefined
}

const NOTHING: Content = {
  dataVersion: { counter: 0, stateVersion: 0, timestamp: 0 },
  topics: new Map(),
  filterServers: [],
}

function contentOf({ body, request, version }: Call<RegisterBrokerRequest>): Content {
  if (version < FIRST_VERSION_WITH_FILTER_SERVERS) {
    if (body.length === 0) return { ...NOTHING, filterServers: undefined }
    const { dataVersion, topicConfigTable } = decodeTopicConfigSerializeWrapper(body)
    return { dataVersion, topics: topicConfigTable, filterServers: undefined }
  }
  if (body.length === 0) return NOTHING
  const { filterServerList, topicConfigSerializeWrapper } = decodeRegisterBrokerBody(body, {
    compressed: request.compressed === true || body[0] === ZLIB_HEADER,
  })
  const { dataVersion, topicConfigTable, topicQueueMappingInfoMap } = topicConfigSerializeWrapper
  return {
    dataVersion,
    topics: topicConfigTable,
    mappings: topicQueueMappingInfoMap,
    filterServers: filterServerList,
  }
}
