// SPDX-License-Identifier: Apache-2.0
// Keys that Java's start takes from broker.conf itself: no configuration class has them.
import type { JavaKey } from './java-key.ts'

/** Where name servers are asked for under fetchNamesrvAddrByAddressServer. Source: BrokerStartup. */
export const startupKeys: readonly JavaKey[] = [
  ['rmqAddressServerDomain', 'String', null],
  ['rmqAddressServerSubGroup', 'String', null],
]
