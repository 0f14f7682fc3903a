// SPDX-License-Identifier: Apache-2.0
// Arguments are read, and refused, as Java's mqadmin 5.5.0 did with the same words.
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import { flagOption, valueOption } from './command.ts'

const options = [
  flagOption('h', 'help', 'Print help'),
  valueOption('n', 'namesrvAddr', 'Name server'),
  [
    valueOption('b', 'brokerAddr', 'which broker'),
    valueOption('c', 'clusterName', 'which cluster'),
  ],
  valueOption('t', 'topic', 'topic name', 'required'),
  flagOption('m', 'moreStats', 'more'),
  valueOption('tn', 'topicNumber', 'two letters'),
]

describe('parseCommandLine', () => {
  it.each([
    ['-c C -t T'],
    ['-cC -tT'],
    ['--clusterName C --topic T'],
    ['--clusterName=C --topic=T'],
    ['-clusterName C -topic T'],
    ['-c=C -t=T'],
    ['--cluster C --topic T'],
    ['extra -c C words -t T more'],
    ['-c C -t T -t U'],
  ])('%s gives a cluster and a topic', (line) => {
    const parsed = parseCommandLine(options, line.split(' '))
    expect(parsed).toEqual({
      ok: true,
      values: new Map([
        ['clusterName', 'C'],
        ['topic', 'T'],
      ]),
    })
  })

  it('takes flags together with a value behind them', () => {
    const parsed = parseCommandLine(options, ['-mc', 'C', '-t', 'T', '-tn', '-5'])
    expect(parsed.ok && [...parsed.values.keys()]).toEqual([
      'clusterName',
      'topic',
      'moreStats',
      'topicNumber',
    ])
    expect(parsed.ok && parsed.values.get('topicNumber')).toBe('-5')
  })

  it.each([
    ['-c C -t T -x', 'Unrecognized option: -x'],
    ['-c C -t', 'Missing argument for option: t'],
    ['-t -c C', 'Missing argument for option: t'],
    ['-c C', 'Missing required option: t'],
    ['-t T', 'Missing required option: [-b which broker, -c which cluster]'],
    ['', 'Missing required options: [-b which broker, -c which cluster], t'],
    [
      '-t T -b B -c C',
      "The option 'c' was specified but an option from this group has already been selected: 'b'",
    ],
    [
      '-t T -c C -b B',
      "The option 'b' was specified but an option from this group has already been selected: 'c'",
    ],
    ['-c C --to T', "Ambiguous option: '--to'  (could be: 'topic', 'topicNumber')"],
  ])('%s is refused', (line, message) => {
    const args = line === '' ? [] : line.split(' ')
    expect(parseCommandLine(options, args)).toEqual({ ok: false, message })
  })
})
