// SPDX-License-Identifier: Apache-2.0
// The producers of a group: the answer of GET_PRODUCER_CONNECTION_LIST.
import { initially, list, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { clientConnectionShape, type ClientConnection } from './consumer-connection.ts'

/** Java's ProducerConnection. */
export interface ProducerConnection {
  readonly connectionSet: readonly ClientConnection[]
}

const producerConnectionShape: Shape<ProducerConnection> = record<ProducerConnection>({
  connectionSet: initially(list(clientConnectionShape), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a ProducerConnection. */
export function decodeProducerConnection(bytes: Uint8Array): ProducerConnection {
  return decodeBody('ProducerConnection', producerConnectionShape, bytes)
}

/** The bytes Java's ProducerConnection writes. */
export function encodeProducerConnection(body: ProducerConnection, form?: JsonForm): Uint8Array {
  return encodeBody(producerConnectionShape, body, form)
}
