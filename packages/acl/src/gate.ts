// SPDX-License-Identifier: Apache-2.0
// Puts authentication in front of every handler of a remoting server.
import type { Gate } from '@rocketmq-ts/remoting'
import { authenticate } from './authenticate.ts'
import type { UserTable } from './user-table.ts'

export interface AuthenticationGateOptions {
  readonly users: UserTable
  /** Request codes that pass unsigned. */
  readonly openCodes?: Iterable<number>
}

/** The `gate` of a RemotingServer that lets only signed requests of known users pass. */
export function createAuthenticationGate(options: AuthenticationGateOptions): Gate {
  const openCodes = new Set(options.openCodes)
  return (call) => {
    if (openCodes.has(call.code)) return undefined
    const { body, version } = call
    return authenticate(options.users, { fields: call.extFields(), body, version })
  }
}
