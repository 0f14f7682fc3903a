// SPDX-License-Identifier: Apache-2.0
// What conf/tools.yml may look like, and what it says then.
import { expect, it } from 'vitest'
import { readCredentials } from './credentials-file.ts'

function read(text: string | undefined): ReturnType<typeof readCredentials> {
  return readCredentials('/home/rmq', {
    readFile: (path) =>
      path === '/home/rmq/conf/tools.yml' && text !== undefined ? Buffer.from(text) : undefined,
  })
}

it.each([
  ['accessKey: rocketmq2\nsecretKey: 12345678\n', 'rocketmq2', '12345678'],
  ['# who\r\n---\r\naccessKey: a b # me\r\nsecretKey:   0123\r\n...\r\n', 'a b', '0123'],
  [`accessKey: 'it''s'\nsecretKey: "a # b: c" # x`, "it's", 'a # b: c'],
  ['secretKey: s#1\nother: x\naccessKey: 用户', '用户', 's#1'],
])('%j', (text, accessKey, secretKey) => {
  expect(read(text)).toEqual({ accessKey, secretKey })
})

it.each([
  [undefined],
  [''],
  ['accessKey: a\n'],
  ['accessKey: a\nsecretKey:\n'],
  ['accessKey: " "\nsecretKey: s\n'],
])('requests go unsigned: %j', (text) => {
  expect(read(text)).toBeUndefined()
})

it.each([
  ['accessKey = a', 'line 1: not a line'],
  ['accessKey: a\n  secretKey: hidden', 'line 2: not a line'],
  ['accessKey: a\nsecretKey: |\n  hidden', 'line 2: the value of secretKey'],
  ['accessKey: a\nsecretKey: "hid\\x64en"', 'line 2: the value of secretKey'],
  ["accessKey: a\nsecretKey: 'hidden", 'line 2: the value of secretKey'],
  ['- accessKey: hidden', 'line 1: not a line'],
])('%j is refused without a word of what it hides', (text, message) => {
  expect(() => read(text)).toThrow(`/home/rmq/conf/tools.yml, ${message}`)
  expect(() => read(text)).not.toThrow('hid')
})
