// SPDX-License-Identifier: Apache-2.0
// Admin calls about users and what they may do. Each asks one broker, and changes that broker alone.
import { expectSuccess, type RequestType } from '@rocketmq-ts/remoting'
import {
  decodeAclInfo,
  decodeAclInfoList,
  decodeUserInfo,
  decodeUserInfoList,
  encodeAclInfo,
  encodeUserInfo,
  type AclInfo,
  type UserInfo,
} from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { successBody } from '../answers.ts'
import type { AdminCallOptions, AdminSession } from './session.ts'

export async function createUser(
  session: AdminSession,
  address: string,
  user: UserInfo,
  options?: AdminCallOptions,
): Promise<void> {
  const request = { ...options, body: encodeUserInfo(user) }
  await session.ask(address, requests.authCreateUser, { username: user.username }, request)
}

export async function updateUser(
  session: AdminSession,
  address: string,
  user: UserInfo,
  options?: AdminCallOptions,
): Promise<void> {
  const request = { ...options, body: encodeUserInfo(user) }
  await session.ask(address, requests.authUpdateUser, { username: user.username }, request)
}

export async function deleteUser(
  session: AdminSession,
  address: string,
  username: string,
  options?: AdminCallOptions,
): Promise<void> {
  await session.ask(address, requests.authDeleteUser, { username }, options)
}

/** Undefined when there is no such user. */
export function getUser(
  session: AdminSession,
  address: string,
  username: string,
  options?: AdminCallOptions,
): Promise<UserInfo | undefined> {
  const decode = decodeUserInfo
  return found(session, address, requests.authGetUser, { header: { username }, decode, options })
}

/** Users whose name contains the filter. */
export async function listUser(
  session: AdminSession,
  address: string,
  filter?: string,
  options?: AdminCallOptions,
): Promise<readonly UserInfo[]> {
  const decode = decodeUserInfoList
  const asked = { header: { filter }, decode, options }
  return (await found(session, address, requests.authListUser, asked)) ?? []
}

export async function createAcl(
  session: AdminSession,
  address: string,
  acl: AclInfo,
  options?: AdminCallOptions,
): Promise<void> {
  const request = { ...options, body: encodeAclInfo(acl) }
  await session.ask(address, requests.authCreateAcl, { subject: acl.subject }, request)
}

export async function updateAcl(
  session: AdminSession,
  address: string,
  acl: AclInfo,
  options?: AdminCallOptions,
): Promise<void> {
  const request = { ...options, body: encodeAclInfo(acl) }
  await session.ask(address, requests.authUpdateAcl, { subject: acl.subject }, request)
}

export async function deleteAcl(
  session: AdminSession,
  address: string,
  subject: string,
  resource?: string,
  options?: AdminCallOptions,
): Promise<void> {
  const header = { subject, policyType: undefined, resource }
  await session.ask(address, requests.authDeleteAcl, header, options)
}

/** Undefined when the user has no policies. */
export function getAcl(
  session: AdminSession,
  address: string,
  subject: string,
  options?: AdminCallOptions,
): Promise<AclInfo | undefined> {
  const decode = decodeAclInfo
  return found(session, address, requests.authGetAcl, { header: { subject }, decode, options })
}

/** Policies of subjects whose name contains one filter, for resources whose name contains the other. */
export async function listAcl(
  session: AdminSession,
  address: string,
  filters: { readonly subject?: string | undefined; readonly resource?: string | undefined } = {},
  options?: AdminCallOptions,
): Promise<readonly AclInfo[]> {
  const header = { subjectFilter: filters.subject, resourceFilter: filters.resource }
  const decode = decodeAclInfoList
  const asked = { header, decode, options }
  return (await found(session, address, requests.authListAcl, asked)) ?? []
}

interface Asked<Req, T> {
  readonly header: Req
  readonly decode: (bytes: Uint8Array) => T
  readonly options: AdminCallOptions | undefined
}

/** A broker that finds nothing answers success without a body. */
async function found<Req, T>(
  session: AdminSession,
  address: string,
  type: RequestType<Req, unknown>,
  { header, decode, options }: Asked<Req, T>,
): Promise<T | undefined> {
  const response = await session.request(address, type, header, options)
  expectSuccess(response, address)
  return response.body.length === 0 ? undefined : successBody(response, address, decode)
}
