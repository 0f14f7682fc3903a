// SPDX-License-Identifier: Apache-2.0
// UPDATE_NAMESRV_CONFIG: changes settings while the name server runs.
import {
  handle,
  parseJavaProperties,
  refuse,
  reply,
  ResponseCode,
  type Handler,
} from '@rocketmq-ts/remoting'
import { updateNamesrvConfig } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

/** @see DefaultRequestProcessor.updateConfig */
export function onUpdateNamesrvConfig(context: NameServerContext): Handler {
  const { logger, routeBytes, settings } = context
  return handle(updateNamesrvConfig, ({ body, connection }) => {
    if (body.length === 0) return reply({})
    const changes = propertiesIn(body)
    if (changes === undefined) return refuse(ResponseCode.SYSTEM_ERROR, 'string2Properties error')
    if ([...changes.keys()].some((key) => settings.isRefused(key))) {
      return refuse(ResponseCode.NO_PERMISSION, 'Can not update config in black list.')
    }
    const keys = settings.update(changes)
    // What a route tells depends on some of them.
    routeBytes.allChanged()
    const peer = connection.remoteAddress
    logger.info({ keys, peer }, 'settings were changed by an administrator')
    return reply({})
  })
}

/** Undefined when an escape is malformed. */
function propertiesIn(body: Uint8Array): ReadonlyMap<string, string> | undefined {
  try {
    return parseJavaProperties(Buffer.from(body).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
