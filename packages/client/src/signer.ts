// SPDX-License-Identifier: Apache-2.0
// Signs the requests of a client that was given credentials.
import { signRequest } from '@rocketmq-ts/acl'
import type { Sign } from '@rocketmq-ts/remoting'
import type { Credentials } from './config.ts'

/** What remoting calls for each request. */
export function signer(credentials: Credentials): Sign {
  return (fields, body) => ({ ...signRequest(credentials, fields, body) })
}
