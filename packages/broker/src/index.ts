// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/broker.
export { Broker, type BrokerOptions } from './broker.ts'
export { BrokerConfigError, parseBrokerConfig, type BrokerConfig } from './config.ts'
export { BrokerSettings, type BrokerSettingsOptions } from './config/settings.ts'
