// SPDX-License-Identifier: Apache-2.0
// Help texts are those that Java's mqadmin 5.5.0 printed.
import { describe, expect, it } from 'vitest'
import { flagOption, valueOption } from './command.ts'
import { clusterList } from './commands/cluster-list.ts'
import { copyUser } from './commands/copy-user.ts'
import { createAcl } from './commands/create-acl.ts'
import { createUser } from './commands/create-user.ts'
import { updateTopic } from './commands/update-topic.ts'
import { updateUser } from './commands/update-user.ts'
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

const createUserHelp = `usage: mqadmin createUser -b <arg> | -c <arg>  [-h] [-n <arg>] -p <arg> [-t <arg>] -u <arg>
 -b,--brokerAddr <arg>    create user to which broker
 -c,--clusterName <arg>   create user to which cluster
 -h,--help                Print help
 -n,--namesrvAddr <arg>   Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
 -p,--password <arg>      the password of user to create
 -t,--userType <arg>      the userType of user to create
 -u,--username <arg>      the username of user to create.
`

const updateUserHelp = `usage: mqadmin updateUser -b <arg> | -c <arg>  [-h] [-n <arg>] -p <arg> | -s <arg> | -t <arg>   -u <arg>
 -b,--brokerAddr <arg>    update user to which broker
 -c,--clusterName <arg>   update user to which cluster
 -h,--help                Print help
 -n,--namesrvAddr <arg>   Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
 -p,--password <arg>      the password of user to update
 -s,--userStatus <arg>    the userStatus of user to update
 -t,--userType <arg>      the userType of user to update
 -u,--username <arg>      the username of user to update.
`

const createAclHelp = `usage: mqadmin createAcl -a <arg> -b <arg> | -c <arg>  -d <arg> [-h] [-i <arg>] [-n <arg>] -r <arg> -s <arg>
 -a,--actions <arg>       the actions of acl to create
 -b,--brokerAddr <arg>    create acl to which broker
 -c,--clusterName <arg>   create acl to which cluster
 -d,--decision <arg>      the decision of acl to create
 -h,--help                Print help
 -i,--sourceIp <arg>      the sourceIps of acl to create
 -n,--namesrvAddr <arg>   Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
 -r,--resources <arg>     the resources of acl to create
 -s,--subject <arg>       the subject of acl to create.
`

const copyUserHelp = `usage: mqadmin copyUser -f <arg> [-h] [-n <arg>] -t <arg> [-u <arg>]
 -f,--fromBroker <arg>    the source broker that the users copy from
 -h,--help                Print help
 -n,--namesrvAddr <arg>   Name server address list, eg: '192.168.0.1:9876;192.168.0.2:9876'
 -t,--toBroker <arg>      the target broker that the users copy to
 -u,--usernames <arg>     the username list of user to copy.
`

describe('usageText', () => {
  it.each([
    [updateTopic, updateTopicHelp],
    [clusterList, clusterListHelp],
    [createUser, createUserHelp],
    [updateUser, updateUserHelp],
    [createAcl, createAclHelp],
    [copyUser, copyUserHelp],
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
