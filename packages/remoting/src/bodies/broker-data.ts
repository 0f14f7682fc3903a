// SPDX-License-Identifier: Apache-2.0
// A broker group: its name, its cluster and the addresses of its members.
import {
  bool,
  initially,
  mapOf,
  offset,
  optional,
  record,
  required,
  text,
  type Shape,
} from '../java-json/shape.ts'

/** Java's BrokerData. */
export interface BrokerData {
  /** Address by broker id; 0 is the master. */
  readonly brokerAddrs: ReadonlyMap<number, string>
  readonly brokerName: string
  readonly cluster: string
  readonly enableActingMaster: boolean
  readonly zoneName?: string | undefined
}

export const brokerDataShape: Shape<BrokerData> = record<BrokerData>({
  brokerAddrs: initially(mapOf(offset, text), () => new Map()),
  brokerName: required(text),
  cluster: initially(text, () => ''),
  enableActingMaster: initially(bool, () => false),
  zoneName: optional(text),
})
