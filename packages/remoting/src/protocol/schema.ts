// SPDX-License-Identifier: Apache-2.0
// How a request code is described: five field kinds, a table per header, and both headers under one code.

/** How a header field's text is read. Every value travels as text, in both header encodings. */
export type FieldKind = 'string' | 'int32' | 'offset' | 'long' | 'boolean'

declare const valueType: unique symbol

/** One header field: its name on the wire, how its text is read, and whether a header without it is refused. */
export interface Field<T> {
  readonly name: string
  readonly kind: FieldKind
  readonly required: boolean
  /** What a required field reads as when it is not there, see {@link absentAs}. */
  readonly absentAs?: T
  /** A number that cannot be read is refused instead of counted as absent, see {@link readByHand}. */
  readonly isStrict?: boolean
  readonly [valueType]?: T
}

/** One entry per property of the record, in wire order. Leaving a property out does not compile. */
export type FieldTable<T> = { readonly [K in keyof Required<T>]: Field<T[K & keyof T]> }

/** A request code: its number, Java's name of it, and what its request and response headers hold. */
export interface RequestType<Request, Response> {
  readonly code: number
  readonly name: string
  /** The Java class whose fields its request header has besides; `inheritedFields` has their table. */
  readonly inherits?: InheritedHeader
  readonly request: FieldTable<Request>
  readonly response: FieldTable<Response>
}

/** Java's base classes of request headers. */
export type InheritedHeader = 'RpcRequestHeader' | 'TopicRequestHeader'

/** A header without fields. */
export type NoFields = Record<never, never>

/** The table of a header without fields. */
export const noFields: FieldTable<NoFields> = {}

/** UTF-8 text. */
export function string(name: string): Field<string> {
  return { name, kind: 'string', required: true }
}

/** Java's int: −2^31 … 2^31 − 1. */
export function int32(name: string): Field<number> {
  return { name, kind: 'int32', required: true }
}

/**
 * Java's long as a number: offsets, timestamps, sizes, ids.
 * A value outside the safe range is refused as a malformed field; use {@link long} where Java's full range is real.
 */
export function offset(name: string): Field<number> {
  return { name, kind: 'offset', required: true }
}

/** Java's long as a bigint, for fields whose full range or sentinels (Long.MAX_VALUE, Long.MIN_VALUE) are real. */
export function long(name: string): Field<bigint> {
  return { name, kind: 'long', required: true }
}

/** `true` or `false`. */
export function boolean(name: string): Field<boolean> {
  return { name, kind: 'boolean', required: true }
}

/** The same field, absent allowed: the record then holds `undefined`. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, required: false }
}

/**
 * A field Java declares as required but never checks, and whose absence its handler survives: records then hold `value`.
 * All other required fields are refused when absent, where Java's handler fails on the null.
 */
export function absentAs<T extends string | number | bigint | boolean>(
  field: Field<T>,
  value: NoInfer<T>,
): Field<T> {
  return { ...field, absentAs: value }
}

/**
 * A table whose header Java reads by hand and not by reflection (FastCodesHeader): a number that cannot be read is refused,
 * while in all other headers it counts as absent.
 */
export function readByHand<T>(table: FieldTable<T>): FieldTable<T> {
  const strict: Record<string, Field<unknown>> = {}
  for (const [property, field] of Object.entries<Field<unknown>>(table)) {
    strict[property] = { ...field, isStrict: true }
  }
  return strict as FieldTable<T>
}

/** The same request under another code whose header spells its field names differently and is read by hand (SEND_MESSAGE_V2). */
export function spelled<Request, Response>(
  type: RequestType<Request, Response>,
  code: number,
  name: string,
  spelling: { readonly [K in keyof Required<Request>]: string },
): RequestType<Request, Response> {
  const request: Record<string, Field<unknown>> = {}
  for (const [property, field] of Object.entries<Field<unknown>>(type.request)) {
    request[property] = { ...field, name: spelling[property as keyof Request] }
  }
  return {
    ...type,
    code,
    name,
    request: readByHand(request as FieldTable<Request>),
  }
}
