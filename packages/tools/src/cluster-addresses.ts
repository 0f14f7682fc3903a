// SPDX-License-Identifier: Apache-2.0
// From a cluster's name to the addresses of its brokers, with Java's word about a wrong name.
import type { ClusterInfo } from '@rocketmq-ts/remoting/bodies'
import { allAddressesOf, masterAddressesOf } from '@rocketmq-ts/client/admin'
import type { CommandContext } from './command.ts'

/** What Java says when there is no such cluster. Source: CommandUtil. */
export const noSuchCluster =
  'Make sure the specified clusterName exists or the name server connected to is correct.'

/** Masters of the cluster; prints a word and gives none when there is no such cluster. */
export async function masterAddresses(
  context: CommandContext,
  clusterName: string,
): Promise<readonly string[]> {
  return found(context, masterAddressesOf(await clusterInfo(context), clusterName))
}

/** Masters and slaves of the cluster; prints a word and gives none when there is no such cluster. */
export async function allAddresses(
  context: CommandContext,
  clusterName: string,
): Promise<readonly string[]> {
  return found(context, allAddressesOf(await clusterInfo(context), clusterName))
}

function clusterInfo(context: CommandContext): Promise<ClusterInfo> {
  return context.admin().examineBrokerClusterInfo({ signal: context.signal })
}

function found(
  context: CommandContext,
  addresses: readonly string[] | undefined,
): readonly string[] {
  if (addresses === undefined) context.print(`[error] ${noSuchCluster}`)
  return addresses ?? []
}
