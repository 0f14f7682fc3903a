// SPDX-License-Identifier: Apache-2.0
// Replaces in mqadmin's output what differs from run to run, so that the rest can be compared exactly.

/** Lines of brokerStatus whose value is a time, a rate or a load. */
const volatileStatus: RegExp = new RegExp(
  `^((?:\\S+ +)?(?:${[
    'bootTimestamp',
    'earliestMessageTimeStamp',
    'commitLogDirCapacity',
    '\\w*DiskRatio(?:_\\S*?)?',
    'dispatchBehindBytes',
    'getMessageEntireTimeMax',
    'putMessageEntireTimeMax',
    'putMessageDistributeTime',
    'putLatency\\d+',
    'pageCacheLockTimeMills',
    'remainHowManyDataToFlush',
    'runtime',
    // How far Java's timer thread is, which runs whether there are timer messages or not.
    'timerReadBehind',
    'timerOffsetBehind',
    '\\w*Tps',
    '\\w*HeadWaitTimeMills',
  ].join('|')}) *: ).*$`,
)

/** A number with a fraction, but no part of an address. */
const fraction = /(?<![\d.])\d+\.\d+(?![\d.])/g

const timeOfDay = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,\d{3})?/g

/** Commands that print a Java hash set, whose order depends on what came in first. */
const unordered: ReadonlySet<string> = new Set(['topicList'])

/** `folder` is where the servers of this side keep their files. */
export function maskOutput(command: string, folder: string, lines: readonly string[]): string[] {
  const masked = lines
    .filter((line) => !/^\t(at |\.\.\. )/.test(line))
    // Where Java is installed; nothing of ours is read from there.
    .filter((line) => !line.startsWith('rocketmqHome '))
    .map((line) => {
      const common = line.replaceAll(folder, '<folder>').replaceAll(timeOfDay, '<time>').trimEnd()
      switch (command) {
        case 'clusterList':
          // Columns are padded to the width of the numbers.
          return common.replaceAll(fraction, '#').replaceAll(/ +/g, ' ')
        case 'brokerStatus':
          return common.replace(volatileStatus, '$1#')
        case 'consumerProgress':
          return common
            .replaceAll(fraction, '#')
            .replace(/^(\S+ +\d+ +OFFLINE +)\d+( +\d+)$/, '$1#$2')
            .replaceAll(/ +/g, ' ')
        case 'queryMsgByUniqueKey':
          return common.replace(/^(Born Host: .*:)\d+$/, '$1#')
        case 'topicStatus':
          return common.replace(/(Topic Put TPS: ).*/, '$1#')
        default:
          return common
      }
    })
  return unordered.has(command) ? masked.sort() : masked
}

/** What one side printed and the other did not, as lines; empty when both are equal. */
export function differences(java: readonly string[], ours: readonly string[]): string[] {
  const left = [...ours]
  const found: string[] = []
  for (const line of java) {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    else found.push(`Java: ${line}`)
  }
  found.push(...left.map((line) => `ours: ${line}`))
  if (found.length === 0 && java.join('\n') !== ours.join('\n')) {
    found.push(
      'the same lines in another order',
      ...java.map((line, i) => `Java: ${line} | ours: ${ours[i] ?? ''}`),
    )
  }
  return found
}
