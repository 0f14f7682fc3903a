// SPDX-License-Identifier: Apache-2.0
// Which brokers lead which queues of static topics.
import type { TopicQueueMappingInfo } from '@rocketmq-ts/remoting/bodies'

/** Mappings by topic, then broker name. What was once told stays, also when topic and broker are gone, as in Java. */
export class StaticMappings {
  readonly #topics = new Map<string, Map<string, TopicQueueMappingInfo>>()

  /** Mappings of a topic by broker name; undefined for a topic that was never static. */
  of(topic: string): ReadonlyMap<string, TopicQueueMappingInfo> | undefined {
    return this.#topics.get(topic)
  }

  put(topic: string, info: TopicQueueMappingInfo): void {
    let brokers = this.#topics.get(topic)
    if (brokers === undefined) this.#topics.set(topic, (brokers = new Map()))
    brokers.set(info.bname ?? 'null', info)
  }
}
