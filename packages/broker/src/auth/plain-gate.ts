// SPDX-License-Identifier: Apache-2.0
// Puts access control 1.0 in front of every handler, with the answers Java 4.9.8 gives.
import {
  auditText,
  hostOf,
  plainFault,
  plainRequestOf,
  SignatureField,
  type AuditLog,
} from '@rocketmq-ts/acl'
import { refuse, ResponseCode, type Gate } from '@rocketmq-ts/remoting'
import type { PlainAclFiles } from './plain-acl-files.ts'

const EXCEPTION = 'org.apache.rocketmq.acl.common.AclException'

/** Java answers with its exception, of which class and message are told here. */
export function createPlainGate(plain: PlainAclFiles, audit: AuditLog): Gate {
  return (call) => {
    const { code, body, connection } = call
    const sourceIp = hostOf(connection.remoteAddress)
    const request = plainRequestOf({ code, body, sourceIp, fields: call.extFields() })
    const fault =
      request === undefined ? 'the body is no heartbeat' : plainFault(plain.rules, request)
    if (fault === undefined) return undefined
    audit.info(
      {
        event: 'refused',
        code,
        user: auditText(call.ext(SignatureField.ACCESS_KEY)),
        peer: connection.remoteAddress,
        socket: connection.remote.host,
        reason: auditText(fault),
      },
      'a request was refused',
    )
    return refuse(ResponseCode.SYSTEM_ERROR, `${EXCEPTION}: ${fault}`)
  }
}
