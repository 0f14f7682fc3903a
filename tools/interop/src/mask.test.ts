// SPDX-License-Identifier: Apache-2.0
// What may differ between two runs of mqadmin is masked, and nothing else.

import { expect, test } from 'vitest'
import { differences, maskOutput } from './mask.ts'

const cases: { command: string; line: string; masked: string }[] = [
  {
    command: 'clusterList',
    line: 'C   b   0   127.0.0.1:10911   V5_5_0   2.60(0,0ms)   0.00(0,0ms|0,0ms)  0-0(0.0w, 0.0, 0.0)',
    masked: 'C b 0 127.0.0.1:10911 V5_5_0 #(0,0ms) #(0,0ms|0,0ms) 0-0(#w, #, #)',
  },
  {
    command: 'brokerStatus',
    line: 'commitLogDiskRatio_/x/store/commitlog: 0.14',
    masked: 'commitLogDiskRatio_<folder>/store/commitlog: #',
  },
  {
    command: 'brokerStatus',
    line: '127.0.0.1:10911          putTps                          : 0.0 0.0 0.0',
    masked: '127.0.0.1:10911          putTps                          : #',
  },
  {
    command: 'brokerStatus',
    line: 'msgPutTotalTodayNow             : 26',
    masked: 'msgPutTotalTodayNow             : 26',
  },
  {
    command: 'topicStatus',
    line: 'b   0     0     5    2026-11-21 12:56:55,537',
    masked: 'b   0     0     5    <time>',
  },
  {
    command: 'getBrokerConfig',
    line: 'storePathRootDir   =  /x/store',
    masked: 'storePathRootDir   =  <folder>/store',
  },
  {
    command: 'consumerProgress',
    line: 'G       0       OFFLINE                 2        7',
    masked: 'G 0 OFFLINE # 7',
  },
]

for (const { command, line, masked } of cases) {
  test(`${command}: ${line.slice(0, 40)}`, () => {
    expect(maskOutput(command, '/x', [line])).toEqual([masked])
  })
}

test('differences names what only one side printed, and another order', () => {
  expect(differences(['a', 'b'], ['a', 'b'])).toEqual([])
  expect(differences(['a', 'b'], ['a', 'c'])).toEqual(['Java: b', 'ours: c'])
  expect(differences(['a', 'a'], ['a'])).toEqual(['Java: a'])
  expect(differences(['a', 'b'], ['b', 'a'])[0]).toBe('the same lines in another order')
})
