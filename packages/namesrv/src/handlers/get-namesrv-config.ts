// SPDX-License-Identifier: Apache-2.0
// GET_NAMESRV_CONFIG: all settings as Java properties text.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { getNamesrvConfig } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetNamesrvConfig(context: NameServerContext): Handler {
  const { settings } = context
  return handle(getNamesrvConfig, () =>
    reply({}, { body: [Buffer.from(settings.asProperties(), 'utf8')] }),
  )
}
