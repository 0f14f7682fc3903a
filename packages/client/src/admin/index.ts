// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/client/admin.
export { AdminClient, type AdminClientOptions } from './admin-client.ts'
export type { AdminCallOptions } from './session.ts'
export { addressToAsk, allAddressesOf, masterAddressesOf } from './topology.ts'
