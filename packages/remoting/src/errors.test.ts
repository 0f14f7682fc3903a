// SPDX-License-Identifier: Apache-2.0
// What callers rely on when they catch an error.
import { describe, expect, test } from 'vitest'
import { errorDescriptions, refusedError, RocketMQError, type RocketMQErrorCode } from './errors.ts'

test('is recognised by its brand, not by its class', () => {
  const error = new RocketMQError('RMQ_TIMEOUT', 'late')
  expect(RocketMQError.is(error)).toBe(true)
  // Another copy of this package makes errors of another class with the same brand.
  const foreign = Object.defineProperty(new Error('x'), Symbol.for('rocketmq-ts.error'), {
    value: true,
  })
  expect(RocketMQError.is(foreign)).toBe(true)
  for (const other of [new Error('x'), null, undefined, 'RMQ_TIMEOUT', {}]) {
    expect(RocketMQError.is(other)).toBe(false)
  }
})

test('carries what it was given', () => {
  const cause = new Error('cause')
  const full = new RocketMQError('RMQ_STORE', 'm', {
    cause,
    address: 'a',
    remark: 'r',
    responseCode: 5,
  })
  expect(full).toMatchObject({
    name: 'RocketMQError',
    message: 'm',
    cause,
    address: 'a',
    remark: 'r',
  })
  const plain = new RocketMQError('RMQ_CLOSED', 'm')
  expect([plain.cause, plain.address, plain.remark, plain.responseCode]).toEqual(
    Array(4).fill(undefined),
  )
})

test('is retryable as its code says, unless told otherwise', () => {
  for (const code of Object.keys(errorDescriptions) as RocketMQErrorCode[]) {
    expect(new RocketMQError(code, '').retryable).toBe(errorDescriptions[code].retryable)
  }
  expect(new RocketMQError('RMQ_TIMEOUT', '', { retryable: false }).retryable).toBe(false)
})

describe('a refusal', () => {
  test.each([
    [1, 'x', true, 'broker:1 answered SYSTEM_ERROR (1): x'],
    [17, '', true, 'broker:1 answered TOPIC_NOT_EXIST (17)'],
    [29, undefined, false, 'broker:1 answered INVALID_PARAMETER (29)'],
    [77_777, 'x', false, 'broker:1 answered 77777 (77777): x'],
  ])('with code %i', (code, remark, retryable, message) => {
    const error = refusedError(code, remark, 'broker:1')
    expect(error).toMatchObject({ code: 'RMQ_REFUSED', responseCode: code, retryable, message })
    expect(error.remark).toBe(remark)
  })
})
