// SPDX-License-Identifier: Apache-2.0
// Every command by name, with the module it is loaded from when it is asked for. In Java's order.
import type { Command } from '../command.ts'

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  readonly name: string
  /** Java's one-line description. */
  readonly description: string
  readonly load: () => Promise<Command>
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'updateTopic',
    description: 'Update or create topic.',
    load: async () => (await import('./update-topic.ts')).updateTopic,
  },
  {
    name: 'deleteTopic',
    description: 'Delete topic from broker and NameServer.',
    load: async () => (await import('./delete-topic.ts')).deleteTopic,
  },
  {
    name: 'topicRoute',
    description: 'Examine topic route info.',
    load: async () => (await import('./topic-route.ts')).topicRoute,
  },
  {
    name: 'topicStatus',
    description: 'Examine topic Status info.',
    load: async () => (await import('./topic-status.ts')).topicStatus,
  },
  {
    name: 'brokerStatus',
    description: 'Fetch broker runtime status data.',
    load: async () => (await import('./broker-status.ts')).brokerStatus,
  },
  {
    name: 'clusterList',
    description: 'List cluster infos.',
    load: async () => (await import('./cluster-list.ts')).clusterList,
  },
  {
    name: 'topicList',
    description: 'Fetch all topic list from name server.',
    load: async () => (await import('./topic-list.ts')).topicList,
  },
  {
    name: 'createUser',
    description: 'Create user to cluster.',
    load: async () => (await import('./create-user.ts')).createUser,
  },
  {
    name: 'updateUser',
    description: 'Update user to cluster.',
    load: async () => (await import('./update-user.ts')).updateUser,
  },
  {
    name: 'deleteUser',
    description: 'Delete user from cluster.',
    load: async () => (await import('./delete-user.ts')).deleteUser,
  },
  {
    name: 'getUser',
    description: 'Get user from cluster.',
    load: async () => (await import('./get-user.ts')).getUser,
  },
  {
    name: 'listUser',
    description: 'List user from cluster.',
    load: async () => (await import('./list-user.ts')).listUser,
  },
  {
    name: 'copyUser',
    description: 'Copy user to cluster.',
    load: async () => (await import('./copy-user.ts')).copyUser,
  },
  {
    name: 'createAcl',
    description: 'Create acl to cluster.',
    load: async () => (await import('./create-acl.ts')).createAcl,
  },
  {
    name: 'updateAcl',
    description: 'Update acl to cluster.',
    load: async () => (await import('./update-acl.ts')).updateAcl,
  },
  {
    name: 'deleteAcl',
    description: 'Delete acl from cluster.',
    load: async () => (await import('./delete-acl.ts')).deleteAcl,
  },
  {
    name: 'getAcl',
    description: 'Get acl from cluster.',
    load: async () => (await import('./get-acl.ts')).getAcl,
  },
  {
    name: 'listAcl',
    description: 'List acl from cluster.',
    load: async () => (await import('./list-acl.ts')).listAcl,
  },
  {
    name: 'copyAcl',
    description: 'Copy acl to cluster.',
    load: async () => (await import('./copy-acl.ts')).copyAcl,
  },
  {
    name: 'sniff',
    description: 'Show the frames between clients and a server, decoded. (not in Java)',
    load: async () => (await import('./sniff.ts')).sniff,
  },
  {
    name: 'storeInspect',
    description: 'Show what lies in the directory of a stopped store. (not in Java)',
    load: async () => (await import('./store-inspect.ts')).storeInspect,
  },
  {
    name: 'storeVerify',
    description:
      'Check every record, queue entry and index entry of a stopped store. (not in Java)',
    load: async () => (await import('./store-verify.ts')).storeVerify,
  },
  {
    name: 'storeExport',
    description: 'Write the messages of a stopped store as lines of JSON. (not in Java)',
    load: async () => (await import('./store-export.ts')).storeExport,
  },
  {
    name: 'storeRepair',
    description:
      'Take damage out of a stopped store and build its queues and index again. (not in Java)',
    load: async () => (await import('./store-repair.ts')).storeRepair,
  },
  {
    name: 'storeDump',
    description: 'Show what is in one file of a store. (not in Java)',
    load: async () => (await import('./store-dump.ts')).storeDump,
  },
]
