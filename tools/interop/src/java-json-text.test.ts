// SPDX-License-Identifier: Apache-2.0
// Sorting the members of Java's JSON must change nothing else.

import { expect, test } from 'vitest'
import { sortedJson } from './java-json-text.ts'

const cases: [text: string, sorted: string][] = [
  ['{"b":1,"a":{"d":null,"c":[3,1,2]}}', '{"a":{"c":[3,1,2],"d":null},"b":1}'],
  ['{2:"x",10:"y",1:"z"}', '{10:"y",1:"z",2:"x"}'],
  ['{{"q":1,"b":"x"}:{"o":2},{"b":"x","q":0}:{}}', '{{"b":"x","q":0}:{},{"b":"x","q":1}:{"o":2}}'],
  ['{"text":"a,b:{}\\"[]"}', '{"text":"a,b:{}\\"[]"}'],
  ['[]', '[]'],
]
for (const [text, sorted] of cases) {
  test(text, () => expect(sortedJson(text)).toBe(sorted))
}

test('what is not JSON is refused', () => {
  for (const text of ['{"a":1', '{"a"}', '[1 2]]', '']) {
    expect(() => sortedJson(text)).toThrow(/expected/)
  }
})
