// SPDX-License-Identifier: Apache-2.0
// Texts that repeat are made once, and never mixed up.
import type { FieldView } from '@rocketmq-ts/remoting'
import { expect, test } from 'vitest'
import { InternedText } from './interned-text.ts'

function fieldOf(text: string | undefined): FieldView {
  const bytes = Buffer.from(text ?? '')
  return {
    byteLength: () => bytes.length,
    string: () => text,
    copyInto: (_: number, target: Uint8Array, at: number) => {
      target.set(bytes, at)
      return at + bytes.length
    },
  } as unknown as FieldView
}

test('gives each text back, also when thousands share its places', () => {
  const texts = new InternedText()
  for (let round = 0; round < 3; round += 1) {
    for (let at = 0; at < 5000; at += 1) {
      expect(texts.of(fieldOf(`topic-${at}`), 0)).toBe(`topic-${at}`)
    }
  }
})

test.each(['', 'x', 'ü'.repeat(200), 'y'.repeat(255), 'y'.repeat(256)])(
  'gives back a text of %#',
  (text) => {
    const texts = new InternedText()
    expect(texts.of(fieldOf(text), 0)).toBe(text)
    expect(texts.of(fieldOf(text), 0)).toBe(text)
  },
)

test('an absent field is undefined', () => {
  expect(new InternedText().of(fieldOf(undefined), 0)).toBeUndefined()
})
