// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/acl.
export { authenticate, type SignedRequest } from './authenticate.ts'
export { createAuthenticationGate, type AuthenticationGateOptions } from './gate.ts'
export {
  SignatureField,
  signedText,
  signRequest,
  verifyRequest,
  type Credentials,
  type SignatureFields,
} from './signature.ts'
export { UserTable, type User } from './user-table.ts'
