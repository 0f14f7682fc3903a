// SPDX-License-Identifier: Apache-2.0
// Broker to name server: here I am, with these topics; the body is RegisterBrokerBody.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What REGISTER_BROKER asks. Source: RequestCode.REGISTER_BROKER, RegisterBrokerRequestHeader. */
export interface RegisterBrokerRequest {
  readonly brokerName: string
  readonly brokerAddr: string
  readonly clusterName: string
  readonly haServerAddr: string | undefined
  readonly brokerId: number
  readonly heartbeatTimeoutMillis: number | undefined
  readonly enableActingMaster: boolean | undefined
  readonly compressed: boolean | undefined
  readonly bodyCrc32: number | undefined
}

/** What REGISTER_BROKER answers. Source: RegisterBrokerResponseHeader. */
export interface RegisterBrokerResponse {
  readonly haServerAddr: string | undefined
  readonly masterAddr: string | undefined
}

/** Broker to name server: here I am, with these topics; the body is RegisterBrokerBody. Source: RequestCode.REGISTER_BROKER, RegisterBrokerRequestHeader. */
export const registerBroker: RequestType<RegisterBrokerRequest, RegisterBrokerResponse> = {
  code: 103,
  name: 'REGISTER_BROKER',
  request: {
    brokerName: absentAs(string('brokerName'), 'null'),
    brokerAddr: absentAs(string('brokerAddr'), 'null'),
    clusterName: absentAs(string('clusterName'), 'null'),
    haServerAddr: optional(string('haServerAddr')),
    brokerId: offset('brokerId'),
    heartbeatTimeoutMillis: optional(offset('heartbeatTimeoutMillis')),
    enableActingMaster: optional(boolean('enableActingMaster')),
    compressed: optional(boolean('compressed')),
    bodyCrc32: optional(int32('bodyCrc32')),
  },
  response: {
    haServerAddr: optional(string('haServerAddr')),
    masterAddr: optional(string('masterAddr')),
  },
}
