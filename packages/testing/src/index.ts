// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/testing.
export { FaultyNetwork } from './faulty-network.ts'
export { startTestCluster, TestCluster, type TestClusterOptions } from './test-cluster.ts'
export type { FaultRule, Verdict } from '@rocketmq-ts/remoting/proxy'
