// SPDX-License-Identifier: Apache-2.0
// mqadmin brokerStatus: all figures of a broker, or of all brokers of a cluster.
import { allAddresses } from '../cluster-addresses.ts'
import { optional, required, valueOption, type Command, type CommandContext } from '../command.ts'
import { left } from '../java-format.ts'

/** Source: BrokerStatusSubCommand. */
export const brokerStatus: Command = {
  name: 'brokerStatus',
  options: [
    [
      valueOption('b', 'brokerAddr', 'Broker address'),
      valueOption('c', 'clusterName', 'which cluster'),
    ],
  ],

  async run(context) {
    const brokerAddr = optional(context, 'brokerAddr')
    if (brokerAddr !== undefined) return printStats(context, brokerAddr, '')
    for (const address of await allAddresses(context, required(context, 'clusterName'))) {
      try {
        await printStats(context, address, `${left(address, 24)} `)
      } catch (error) {
        context.complain(error instanceof Error ? error.message : String(error))
      }
    }
  },
}

async function printStats(context: CommandContext, address: string, prefix: string): Promise<void> {
  const stats = await context.admin().fetchBrokerRuntimeStats(address, { signal: context.signal })
  const sorted = [...stats].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, value] of sorted) context.print(`${prefix}${left(name, 32)}: ${value}\n`)
}
