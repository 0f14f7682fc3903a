// SPDX-License-Identifier: Apache-2.0
// The requests that administer access control 1.0: Java 4.9.8 has them, 5.5.0 does not.
import {
  boolean,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '@rocketmq-ts/remoting'

/** Lists have commas between their items. Source: CreateAccessConfigRequestHeader of 4.9.8. */
export interface UpdateAclConfigRequest {
  readonly accessKey: string
  readonly secretKey: string | undefined
  readonly whiteRemoteAddress: string | undefined
  readonly admin: boolean | undefined
  readonly defaultTopicPerm: string | undefined
  readonly defaultGroupPerm: string | undefined
  readonly topicPerms: string | undefined
  readonly groupPerms: string | undefined
}

export const updateAndCreateAclConfig: RequestType<UpdateAclConfigRequest, NoFields> = {
  code: 50,
  name: 'UPDATE_AND_CREATE_ACL_CONFIG',
  request: {
    accessKey: string('accessKey'),
    secretKey: optional(string('secretKey')),
    whiteRemoteAddress: optional(string('whiteRemoteAddress')),
    admin: optional(boolean('admin')),
    defaultTopicPerm: optional(string('defaultTopicPerm')),
    defaultGroupPerm: optional(string('defaultGroupPerm')),
    topicPerms: optional(string('topicPerms')),
    groupPerms: optional(string('groupPerms')),
  },
  response: noFields,
}

/** Source: DeleteAccessConfigRequestHeader of 4.9.8. */
export const deleteAclConfig: RequestType<{ readonly accessKey: string }, NoFields> = {
  code: 51,
  name: 'DELETE_ACL_CONFIG',
  request: { accessKey: string('accessKey') },
  response: noFields,
}

/** Versions are JSON texts. Source: GetBrokerAclConfigResponseHeader of 4.9.8. */
export interface BrokerAclVersion {
  readonly version: string
  readonly allAclFileVersion: string
  readonly brokerName: string
  readonly brokerAddr: string
  readonly clusterName: string
}

export const getBrokerClusterAclInfo: RequestType<NoFields, BrokerAclVersion> = {
  code: 52,
  name: 'GET_BROKER_CLUSTER_ACL_INFO',
  request: noFields,
  response: {
    version: string('version'),
    allAclFileVersion: string('allAclFileVersion'),
    brokerName: string('brokerName'),
    brokerAddr: string('brokerAddr'),
    clusterName: string('clusterName'),
  },
}

/** Source: UpdateGlobalWhiteAddrsConfigRequestHeader of 4.9.8; older clients name no file. */
export interface UpdateGlobalWhiteAddrsRequest {
  readonly globalWhiteAddrs: string
  readonly aclFileFullPath: string | undefined
}

export const updateGlobalWhiteAddrsConfig: RequestType<UpdateGlobalWhiteAddrsRequest, NoFields> = {
  code: 53,
  name: 'UPDATE_GLOBAL_WHITE_ADDRS_CONFIG',
  request: {
    globalWhiteAddrs: string('globalWhiteAddrs'),
    aclFileFullPath: optional(string('aclFileFullPath')),
  },
  response: noFields,
}
