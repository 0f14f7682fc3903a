// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/testing.
export { startTestCluster, TestCluster, type TestClusterOptions } from './test-cluster.ts'
