// SPDX-License-Identifier: Apache-2.0
// The answer of GET_BROKER_MEMBER_GROUP.
import { optional, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { brokerMemberGroupShape, type BrokerMemberGroup } from './broker-member-group.ts'

/** Java's GetBrokerMemberGroupResponseBody. */
export interface GetBrokerMemberGroupBody {
  readonly brokerMemberGroup?: BrokerMemberGroup | undefined
}

const getBrokerMemberGroupBodyShape: Shape<GetBrokerMemberGroupBody> =
  record<GetBrokerMemberGroupBody>({
    brokerMemberGroup: optional(brokerMemberGroupShape),
  })

/** @throws {JavaJsonError} when the bytes are not a GetBrokerMemberGroupBody. */
export function decodeGetBrokerMemberGroupBody(bytes: Uint8Array): GetBrokerMemberGroupBody {
  return decodeBody('GetBrokerMemberGroupBody', getBrokerMemberGroupBodyShape, bytes)
}

/** The bytes Java's GetBrokerMemberGroupResponseBody writes. */
export function encodeGetBrokerMemberGroupBody(
  body: GetBrokerMemberGroupBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getBrokerMemberGroupBodyShape, body, form)
}
