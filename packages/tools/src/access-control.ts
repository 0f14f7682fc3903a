// SPDX-License-Identifier: Apache-2.0
// What the commands about users and policies share: which brokers they are for, and how they print what they find.
import type { AclInfo, UserInfo } from '@rocketmq-ts/remoting/bodies'
import { allAddresses, masterAddresses } from './cluster-addresses.ts'
import {
  optional,
  required,
  valueOption,
  type CommandContext,
  type OptionGroup,
} from './command.ts'
import { left } from './java-format.ts'

/** `-c` or `-b` of a command that changes something. */
export function changedBrokers(cluster: string, broker: string): OptionGroup {
  return [valueOption('c', 'clusterName', cluster), valueOption('b', 'brokerAddr', broker)]
}

/** `-b` or `-c` of a command that only looks. */
export function askedBrokers(broker: string, cluster: string): OptionGroup {
  return [valueOption('b', 'brokerAddr', broker), valueOption('c', 'clusterName', cluster)]
}

/** Changes the one broker, or every master and slave of the cluster in turn; says so after each. */
export async function changeBrokers(
  context: CommandContext,
  what: string,
  change: (address: string) => Promise<void>,
): Promise<void> {
  const brokerAddr = optional(context, 'brokerAddr')
  const addresses =
    brokerAddr === undefined
      ? await allAddresses(context, required(context, 'clusterName'))
      : [brokerAddr]
  for (const address of addresses) {
    await change(address)
    context.print(`${what} to ${address} success.\n`)
  }
}

/** The one broker, or the masters of the cluster. @throws when the cluster has none */
export async function brokersToAsk(context: CommandContext): Promise<readonly string[]> {
  const brokerAddr = optional(context, 'brokerAddr')
  if (brokerAddr !== undefined) return [brokerAddr]
  const addresses = await masterAddresses(context, required(context, 'clusterName'))
  if (addresses.length === 0) throw new Error('there is no broker in cluster.')
  return addresses
}

/** The parts of `a,b,,c`; undefined when the option was not given. Source: StringUtils.split. */
export function listed(context: CommandContext, long: string): readonly string[] | undefined {
  return context.values
    .get(long)
    ?.split(',')
    .filter((part) => part !== '')
}

/** What createAcl and updateAcl send: one entry for each resource. Source: AclInfo.of. */
export function aclOf(context: CommandContext): AclInfo {
  const entry = {
    actions: listed(context, 'actions'),
    sourceIps: listed(context, 'sourceIp'),
    decision: required(context, 'decision'),
  }
  const entries = listed(context, 'resources')?.map((resource) => ({ resource, ...entry }))
  return { subject: required(context, 'subject'), policies: [{ entries }] }
}

/** Source: GetUserSubCommand.printUser, ListUserSubCommand.printUsers. */
export function printUsers(context: CommandContext, users: readonly UserInfo[]): void {
  const line = (...cells: (string | undefined)[]): string =>
    `${cells.map((cell, index) => left(cell, index === 0 ? 16 : 22)).join('  ')}\n`
  context.print(line('#UserName', '#Password', '#UserType', '#UserStatus'))
  for (const { username, password, userType, userStatus } of users) {
    context.print(line(username, password, userType, userStatus))
  }
}

const aclWidths = [16, 10, 22, 20, 24, 10] as const

/** One line per entry, and one for a subject without policies. Source: GetAclSubCommand.printAcl. */
export function printAcls(context: CommandContext, acls: readonly AclInfo[]): void {
  const line = (...cells: (string | undefined)[]): string =>
    `${aclWidths.map((width, index) => left(cells[index], width)).join('  ')}\n`
  context.print(line('#Subject', '#PolicyType', '#Resource', '#Actions', '#SourceIp', '#Decision'))
  for (const { subject, policies = [] } of acls) {
    if (policies.length === 0) context.print(line(subject, '', '', '', '', ''))
    for (const { policyType, entries = [] } of policies) {
      for (const { resource, actions, sourceIps, decision } of entries) {
        context.print(
          line(subject, policyType, resource, javaList(actions), javaList(sourceIps), decision),
        )
      }
    }
  }
}

/** Source: AbstractCollection.toString. */
function javaList(values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : `[${values.join(', ')}]`
}
