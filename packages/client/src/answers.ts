// SPDX-License-Identifier: Apache-2.0
// From an answer to its body, with one error for everything that is not what was asked for.
import { expectSuccess, RocketMQError, type Response } from '@rocketmq-ts/remoting'

/** Decodes the body of a successful answer. @throws RMQ_REFUSED, or RMQ_PROTOCOL when the body is not what `decode` reads. */
export function successBody<T>(
  response: Response<unknown>,
  address: string,
  decode: (bytes: Uint8Array) => T,
): T {
  expectSuccess(response, address)
  try {
    return decode(response.body)
  } catch (error) {
    throw new RocketMQError('RMQ_PROTOCOL', `cannot read the body that ${address} answered`, {
      address,
      cause: error,
    })
  }
}

/** The error a refusal stands for. */
export function refusalOf(response: Response<unknown>, address: string): unknown {
  try {
    expectSuccess(response, address)
  } catch (error) {
    return error
  }
  return new RocketMQError(
    'RMQ_PROTOCOL',
    `${address} answered success where a refusal was expected`,
    {
      address,
    },
  )
}
