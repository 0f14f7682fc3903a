// SPDX-License-Identifier: Apache-2.0
// Message ids made by digits are those made by the codec.
import { createMessageIdOfHost, encodeHost } from '@rocketmq-ts/remoting/message'
import { expect, test } from 'vitest'
import { MessageIdText } from './message-id-text.ts'

test.each([
  ['127.0.0.1', 0],
  ['127.0.0.1', 0xffff_ffff],
  ['255.1.2.3', 0x1_0000_0000],
  ['10.0.0.1', Number.MAX_SAFE_INTEGER],
  ['fd00::2', 123_456_789_012],
])('%s at %i', (host, offset) => {
  const bytes = encodeHost({ host, port: 10911 })
  expect(new MessageIdText(bytes).of(offset)).toBe(createMessageIdOfHost(bytes, offset))
})
