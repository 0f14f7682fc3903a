// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/namesrv.
export { parseNameServerConfig, type NameServerConfig } from './config.ts'
export { NameServerSettings, type NameServerSettingsOptions } from './config/settings.ts'
export { NameServer, type NameServerOptions } from './namesrv.ts'
