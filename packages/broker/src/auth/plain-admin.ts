// SPDX-License-Identifier: Apache-2.0
// Serves the requests that administer access control 1.0, while it is switched on. @see AdminBrokerProcessor of 4.9.8
import { auditText, PlainAclError, SignatureField, type AuditLog } from '@rocketmq-ts/acl'
import {
  handle,
  refuse,
  reply,
  type Call,
  type Handler,
  type NoFields,
  type Reply,
} from '@rocketmq-ts/remoting'
import type { BrokerContext } from '../context.ts'
import type { PlainAclFiles } from './plain-acl-files.ts'
import {
  deleteAclConfig,
  getBrokerClusterAclInfo,
  updateAndCreateAclConfig,
  updateGlobalWhiteAddrsConfig,
} from './plain-requests.ts'

/** Java's codes for changes that failed. */
const UPDATE_ACL_CONFIG_FAILED = 209
const DELETE_ACL_CONFIG_FAILED = 210
const UPDATE_WHITE_ADDRS_FAILED = 211

/** No handlers when access control 1.0 is off: Java 5.5.0 knows none of these requests. */
export function plainAdminHandlers(broker: BrokerContext): readonly Handler[] {
  const { plain, audit } = broker.access
  if (plain === undefined) return []
  return [
    onUpdateAccount(plain, audit),
    onDeleteAccount(plain, audit),
    onUpdateWhiteAddresses(plain, audit),
    onGetVersion(broker, plain),
  ]
}

interface Change {
  readonly event: string
  readonly subject: string
  readonly failedCode: number
  /** What to say when it did not happen, undefined when it did. */
  readonly run: () => string | undefined
}

function changed(
  audit: AuditLog,
  call: Call<unknown>,
  { event, subject, failedCode, run }: Change,
): Reply<NoFields> {
  const fault = faultOf(run)
  audit.info(
    {
      event,
      subject: auditText(subject),
      by: auditText(call.ext(SignatureField.ACCESS_KEY)),
      peer: call.connection.remoteAddress,
      refused: fault,
    },
    'an administrator asked for a change of access',
  )
  return fault === undefined ? reply({}) : refuse(failedCode, fault)
}

function faultOf(run: () => string | undefined): string | undefined {
  try {
    return run()
  } catch (error) {
    // Anything else is our own failure, which the dispatcher reports.
    if (error instanceof PlainAclError) return error.message
    throw error
  }
}

function onUpdateAccount(plain: PlainAclFiles, audit: AuditLog): Handler {
  return handle(updateAndCreateAclConfig, (call) => {
    const { topicPerms, groupPerms, admin = false, ...account } = call.request
    const config = {
      ...account,
      admin,
      topicPerms: topicPerms?.split(','),
      groupPerms: groupPerms?.split(','),
    }
    return changed(audit, call, {
      event: 'update account',
      subject: account.accessKey,
      failedCode: UPDATE_ACL_CONFIG_FAILED,
      run: () => {
        plain.updateAccount(config)
        return undefined
      },
    })
  })
}

function onDeleteAccount(plain: PlainAclFiles, audit: AuditLog): Handler {
  return handle(deleteAclConfig, (call) => {
    const { accessKey } = call.request
    return changed(audit, call, {
      event: 'delete account',
      subject: accessKey,
      failedCode: DELETE_ACL_CONFIG_FAILED,
      run: () =>
        plain.deleteAccount(accessKey)
          ? undefined
          : `The accesskey[${accessKey}] corresponding to accessConfig has been deleted failed.`,
    })
  })
}

function onUpdateWhiteAddresses(plain: PlainAclFiles, audit: AuditLog): Handler {
  return handle(updateGlobalWhiteAddrsConfig, (call) => {
    const { globalWhiteAddrs, aclFileFullPath } = call.request
    return changed(audit, call, {
      event: 'update global white addresses',
      subject: globalWhiteAddrs,
      failedCode: UPDATE_WHITE_ADDRS_FAILED,
      run: () =>
        plain.updateWhiteAddresses(globalWhiteAddrs.split(','), aclFileFullPath)
          ? undefined
          : `The globalWhiteAddresses[${globalWhiteAddrs}] has been updated failed.`,
    })
  })
}

function onGetVersion(broker: BrokerContext, plain: PlainAclFiles): Handler {
  return handle(getBrokerClusterAclInfo, () => {
    const { main, all } = plain.versions
    const { brokerName, clusterName } = broker.settings.current
    return reply({
      version: JSON.stringify(main),
      allAclFileVersion: JSON.stringify(Object.fromEntries(all)),
      brokerName,
      brokerAddr: broker.address,
      clusterName,
    })
  })
}
