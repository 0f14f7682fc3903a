// SPDX-License-Identifier: Apache-2.0
// mqadmin updateTopic: create a topic on a broker or on all masters of a cluster, or change it.
import type { ClusterInfo, TopicConfig } from '@rocketmq-ts/remoting/bodies'
import { masterAddresses, noSuchCluster } from '../cluster-addresses.ts'
import { optional, required, valueOption, type Command, type CommandContext } from '../command.ts'
import { javaWholeNumber } from '../java-number.ts'

/** Source: UpdateTopicSubCommand. */
export const updateTopic: Command = {
  name: 'updateTopic',
  options: [
    [
      valueOption('b', 'brokerAddr', 'create topic to which broker'),
      valueOption('c', 'clusterName', 'create topic to which cluster'),
    ],
    valueOption('t', 'topic', 'topic name', 'required'),
    valueOption('a', 'attributes', 'attribute(+a=b,+c=d,-e)'),
    valueOption('r', 'readQueueNums', 'set read queue nums'),
    valueOption('w', 'writeQueueNums', 'set write queue nums'),
    valueOption('p', 'perm', "set topic's permission(2|4|6), intro[2:W 4:R; 6:RW]"),
    valueOption('o', 'order', "set topic's order(true|false)"),
    valueOption('u', 'unit', 'is unit topic (true|false)'),
    valueOption('s', 'hasUnitSub', 'has unit sub (true|false)'),
  ],

  async run(context) {
    const config = configOf(context)
    const brokerAddr = optional(context, 'brokerAddr')
    if (brokerAddr === undefined) await onCluster(context, required(context, 'clusterName'), config)
    else await onBroker(context, brokerAddr, config)
    context.print(`${configText(config)}\n`)
  },
}

const defaultQueues = 8
const readAndWrite = 6

async function onBroker(
  context: CommandContext,
  address: string,
  config: TopicConfig,
): Promise<void> {
  const { signal } = context
  await context.admin().createAndUpdateTopicConfig(address, config, { signal })
  if (config.order) {
    const info = await context.admin().examineBrokerClusterInfo({ signal })
    const orderConf = `${brokerNameOf(info, address)}:${config.writeQueueNums}`
    await context.admin().createOrUpdateOrderConf(config.topicName, orderConf, false, { signal })
    context.print(`set broker orderConf. isOrder=true, orderConf=[${orderConf}]\n`)
  }
  context.print(`create topic to ${address} success.\n`)
}

async function onCluster(
  context: CommandContext,
  clusterName: string,
  config: TopicConfig,
): Promise<void> {
  const { signal } = context
  for (const address of await masterAddresses(context, clusterName)) {
    await context.admin().createAndUpdateTopicConfig(address, config, { signal })
    context.print(`create topic to ${address} success.\n`)
  }
  if (!config.order) return
  const info = await context.admin().examineBrokerClusterInfo({ signal })
  const names = info.clusterAddrTable.get(clusterName)
  if (names === undefined) throw new Error(noSuchCluster)
  const orderConf = names.map((name) => `${name}:${config.writeQueueNums}`).join(';')
  await context.admin().createOrUpdateOrderConf(config.topicName, orderConf, true, { signal })
  context.print(`set cluster orderConf. isOrder=true, orderConf=[${orderConf}]\n`)
}

function configOf(context: CommandContext): TopicConfig {
  const number = (long: string, otherwise: number): number => {
    const text = optional(context, long)
    return text === undefined ? otherwise : javaWholeNumber(text)
  }
  const truth = (long: string): boolean => optional(context, long)?.toLowerCase() === 'true'
  return {
    topicName: required(context, 'topic'),
    attributes: attributesOf(optional(context, 'attributes')),
    readQueueNums: number('readQueueNums', defaultQueues),
    writeQueueNums: number('writeQueueNums', defaultQueues),
    perm: number('perm', readAndWrite),
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: (truth('unit') ? 1 : 0) | (truth('hasUnitSub') ? 2 : 0),
    order: truth('order'),
  }
}

/** `+a=b,-c`: set a, remove c. Source: AttributeParser.parseToMap. */
function attributesOf(text: string | undefined): Map<string, string> {
  const attributes = new Map<string, string>()
  if (text === undefined || text === '') return attributes
  for (const part of text.split(',')) {
    const [key = '', value] = part.includes('=') ? part.split('=') : [part]
    if (value !== undefined && !key.includes('+')) {
      throw new Error(`add/alter attribute format is wrong: ${key}`)
    }
    if (value === undefined && !key.includes('-')) {
      throw new Error(`delete attribute format is wrong: ${key}`)
    }
    if (attributes.has(key)) throw new Error(`key duplication: ${key}`)
    attributes.set(key, value ?? '')
  }
  return attributes
}

function brokerNameOf(info: ClusterInfo, address: string): string {
  for (const [name, broker] of info.brokerAddrTable) {
    if ([...broker.brokerAddrs.values()].includes(address)) return name
  }
  throw new Error(noSuchCluster)
}

/** Source: TopicConfig.toString, PermName.perm2String. */
function configText(config: TopicConfig): string {
  const bit = (value: number, letter: string): string =>
    (config.perm & value) === 0 ? '-' : letter
  const attributes = [...config.attributes].map(([key, value]) => `${key}=${value}`).join(', ')
  return `TopicConfig [topicName=${config.topicName}, readQueueNums=${config.readQueueNums}, writeQueueNums=${config.writeQueueNums}, perm=${bit(4, 'R')}${bit(2, 'W')}${bit(1, 'X')}, topicFilterType=${config.topicFilterType}, topicSysFlag=${config.topicSysFlag}, order=${config.order}, attributes={${attributes}}]`
}
