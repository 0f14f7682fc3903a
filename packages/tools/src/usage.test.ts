// SPDX-License-Identifier: Apache-2.0
// Help texts are those that Java's mqadmin 5.5.0 printed.
import { describe, expect, it } from 'vitest'
import { flagOption, valueOption } from './command.ts'
import { clusterList } from './commands/cluster-list.ts'
import { updateTopic } from './commands/update-topic.ts'
import { standardOptions } from './standard-options.ts'
import { usageText } from './usage.ts'

const updateTopicHelp = `usage: mqadmin updateTopic [-a <arg>] -b <arg> | -c <arg>  [-h] [-n <arg>] [-o <arg>] [-p <arg>] [-r <arg>]
       [-s <arg>] -t <arg> [-u <arg>] [-w <arg>]
 -a,--attributes <arg>       attribute(+a=b,+c=d,-e)
 -b,--brokerAddr <arg>       create topic to which broker
 -c,--clusterName <arg>      create topic to which cluster
 -h,--help                   Print help
 -n,--namesrvAddr <arg>      Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
 -o,--order <arg>            set topic's order(true|false)
 -p,--perm <arg>             set topic's permission(2|4|6), intro[2:W 4:R; 6:RW]
 -r,--readQueueNums <arg>    set read queue nums
 -s,--hasUnitSub <arg>       has unit sub (true|false)
 -t,--topic <arg>            topic name
 -u,--unit <arg>             is unit topic (true|false)
 -w,--writeQueueNums <arg>   set write queue nums
`

const clusterListHelp = `usage: mqadmin clusterList [-c <arg>] [-h] [-i <arg>] [-m] [-n <arg>]
 -c,--clusterName <arg>   which cluster
 -h,--help                Print help
 -i,--interval <arg>      specify intervals numbers, it is in seconds
 -m,--moreStats           Print more stats
 -n,--namesrvAddr <arg>   Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
`

describe('usageText', () => {
  it.each([
    [updateTopic, updateTopicHelp],
    [clusterList, clusterListHelp],
  ])('prints Java’s help of %o', (command, expected) => {
    expect(usageText(command.name, [...standardOptions, ...command.options])).toBe(expected)
  })

  it('breaks long descriptions at blanks and indents what follows', () => {
    const text = usageText('x', [
      valueOption('a', 'alpha', 'word '.repeat(40)),
      flagOption('b', 'b', 'short'),
    ])
    const lines = text.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(lines[2]).toMatch(/^ {20}word/)
  })

  it('cuts what has no blank to break at', () => {
    const text = usageText('x', [flagOption('a', 'alpha', 'y'.repeat(300))])
    expect(text.replaceAll(/[^y]/g, '')).toHaveLength(300)
  })
})
