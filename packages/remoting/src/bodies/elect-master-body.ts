// SPDX-License-Identifier: Apache-2.0
// The answer of CONTROLLER_ELECT_MASTER.
import { initially, list, offset, optional, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { brokerMemberGroupShape, type BrokerMemberGroup } from './broker-member-group.ts'

/** Java's ElectMasterResponseBody. */
export interface ElectMasterBody {
  readonly brokerMemberGroup?: BrokerMemberGroup | undefined
  /** Broker ids. */
  readonly syncStateSet: readonly number[]
}

const electMasterBodyShape: Shape<ElectMasterBody> = record<ElectMasterBody>({
  brokerMemberGroup: optional(brokerMemberGroupShape),
  syncStateSet: initially(list(offset), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a ElectMasterBody. */
export function decodeElectMasterBody(bytes: Uint8Array): ElectMasterBody {
  return decodeBody('ElectMasterBody', electMasterBodyShape, bytes)
}

/** The bytes Java's ElectMasterResponseBody writes. */
export function encodeElectMasterBody(body: ElectMasterBody, form?: JsonForm): Uint8Array {
  return encodeBody(electMasterBodyShape, body, form)
}
