// SPDX-License-Identifier: Apache-2.0
// mqadmin deleteTopic: remove a topic from a cluster's masters and from all name servers.
import { masterAddresses } from '../cluster-addresses.ts'
import { required, valueOption, type Command } from '../command.ts'

/** Source: DeleteTopicSubCommand. */
export const deleteTopic: Command = {
  name: 'deleteTopic',
  options: [
    valueOption('t', 'topic', 'topic name', 'required'),
    valueOption('c', 'clusterName', 'delete topic from which cluster', 'required'),
  ],

  async run(context) {
    const admin = context.admin()
    const { signal } = context
    const topic = required(context, 'topic')
    const clusterName = required(context, 'clusterName')
    await admin.deleteTopicInBroker(await masterAddresses(context, clusterName), topic, { signal })
    context.print(`delete topic [${topic}] from cluster [${clusterName}] success.\n`)
    const nameServers = admin.getNameServerAddressList()
    await admin.deleteTopicInNameServer(nameServers, topic, clusterName, { signal })
    context.print(`delete topic [${topic}] from NameServer success.\n`)
  },
}
