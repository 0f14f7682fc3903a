// SPDX-License-Identifier: Apache-2.0
// mqadmin topicList: the names of all topics.
import { flagOption, type Command } from '../command.ts'

/** Source: TopicListSubCommand. */
export const topicList: Command = {
  name: 'topicList',
  options: [flagOption('c', 'clusterModel', 'clusterModel')],

  async run(context) {
    if (context.values.has('clusterModel')) {
      throw new Error(
        '-c is not supported yet: it needs the groups of each topic (request code 300)',
      )
    }
    const topics = await context.admin().fetchAllTopicList({ signal: context.signal })
    for (const topic of topics.topicList) context.print(`${topic}\n`)
  },
}
