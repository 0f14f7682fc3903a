// SPDX-License-Identifier: Apache-2.0
// The addresses of a broker group: part of two answers of name server and controller.
import { initially, mapOf, offset, optional, record, text, type Shape } from '../java-json/shape.ts'

/** Java's BrokerMemberGroup. */
export interface BrokerMemberGroup {
  /** Address by broker id; 0 is the master. */
  readonly brokerAddrs: ReadonlyMap<number, string>
  readonly brokerName?: string | undefined
  readonly cluster?: string | undefined
}

export const brokerMemberGroupShape: Shape<BrokerMemberGroup> = record<BrokerMemberGroup>({
  brokerAddrs: initially(mapOf(offset, text), () => new Map()),
  brokerName: optional(text),
  cluster: optional(text),
})
