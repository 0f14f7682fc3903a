// SPDX-License-Identifier: Apache-2.0
// The fields that Java's request headers inherit: what the proxy and static topics send beside a header's own.
import { boolean, optional, string, type FieldTable, type InheritedHeader } from './schema.ts'

/** What every header below Java's RpcRequestHeader has; TopicRequestHeader adds `lo`. */
export interface InheritedFields {
  /** The namespace the resource names carry. */
  readonly ns: string | undefined
  /** Whether the resource names carry the namespace already. */
  readonly nsd: boolean | undefined
  /** The broker that the queue is to be found on: a logical one for a static topic. */
  readonly bname: string | undefined
  /** The sender does not wait for an answer. */
  readonly oway: boolean | undefined
  /** The queue id is a logical one of a static topic. Only below TopicRequestHeader. */
  readonly lo: boolean | undefined
}

type RpcFields = Omit<InheritedFields, 'lo'>

const rpcFields: FieldTable<RpcFields> = {
  ns: optional(string('ns')),
  nsd: optional(boolean('nsd')),
  bname: optional(string('bname')),
  oway: optional(boolean('oway')),
}

/** The table of a base class. Source: RpcRequestHeader, TopicRequestHeader. */
export const inheritedFields: {
  readonly RpcRequestHeader: FieldTable<RpcFields>
  readonly TopicRequestHeader: FieldTable<InheritedFields>
} & Readonly<Record<InheritedHeader, unknown>> = {
  RpcRequestHeader: rpcFields,
  TopicRequestHeader: { ...rpcFields, lo: optional(boolean('lo')) },
}
