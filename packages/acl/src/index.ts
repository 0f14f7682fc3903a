// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/acl.
export { aclInfoOf, userInfoOf } from './acl-info.ts'
export type { Action } from './action.ts'
export { auditText, silentAudit, type AuditLog } from './audit.ts'
export { decodeAuthData, encodeAuthData } from './auth-data-json.ts'
export {
  AuthMetadata,
  NO_AUTH_DATA,
  systemError,
  type AuthData,
  type UserChange,
} from './auth-metadata.ts'
export { authenticate, type SignedRequest, type UserSource } from './authenticate.ts'
export { authorize, type Asker } from './authorize.ts'
export { parseAccessConfig, type AccessConfig } from './config.ts'
export {
  createAccessGate,
  createAuthenticationGate,
  type AccessGateOptions,
  type AuthenticationGateOptions,
} from './gate.ts'
export { clusterUpdates, openRequests } from './unmapped-requests.ts'
export { hostOf } from './ip-address.ts'
export type { Access, Acl, Decision, Policy, PolicyEntry, PolicyType } from './policy.ts'
export { hasAccessRule, requestAccess, type AccessRequest } from './request-access.ts'
export {
  checkedKeys,
  plainAccountOf,
  type PlainAccessConfig,
  type PlainAccount,
} from './plain/account.ts'
export { PlainAclError } from './plain/fault.ts'
export { migrateAccount } from './plain/migrate.ts'
export { checkResourcePermissions } from './plain/permission.ts'
export { parsePlainAcl, type PlainAclData, type PlainDataVersion } from './plain/plain-data.ts'
export { plainRequestOf, type PlainRequest, type PlainRequestParts } from './plain/plain-request.ts'
export { plainFault, plainRulesOf, type PlainRules } from './plain/plain-rules.ts'
export { parseRemoteAddress, type AddressMatch } from './plain/remote-address.ts'
export {
  parseResource,
  resourceKey,
  type Resource,
  type ResourcePattern,
  type ResourceType,
} from './resource.ts'
export {
  SignatureField,
  signedText,
  signRequest,
  verifyRequest,
  type Credentials,
  type SignatureFields,
} from './signature.ts'
export type { User, UserStatus, UserType } from './user.ts'
export { UserTable, type SigningUser } from './user-table.ts'
